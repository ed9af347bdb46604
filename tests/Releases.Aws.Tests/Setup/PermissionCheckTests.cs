using System.Text.Json.Nodes;
using Releases.Aws.Tests.Engine;
using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Setup;

/// <summary><c>rack check</c> asks IAM about everything that releasing takes, before the first promotion needs it.</summary>
public sealed class PermissionCheckTests(DynamoDbLocal dynamo) : RackTests(dynamo, "check")
{
    /// <summary>What a push to ECR needs, which the SDK does, and what another action implies.</summary>
    private static readonly string[] NotCalled =
        ["BatchCheckLayerAvailability", "CompleteLayerUpload", "GetDownloadUrlForLayer", "InitiateLayerUpload", "PutImage",
            "UploadLayerPart", "PassRole", "TagResource", "GetSecretValue"];

    [Fact]
    public async Task Every_action_of_the_documents_is_asked_about()
    {
        var app = await Rack.MakeApp();
        var check = await Check(app.Name);
        Assert.True(check.Code == 0, check.Text);
        Assert.Contains($"IAM was asked about the policies of arn:aws:iam::111122223333:role/deployer: the rack and the app {app.Name}.",
            check.Text, StringComparison.Ordinal);
        Assert.Equal(
            IamActionsTests.ForReleasing.Concat(NotCalled).Order().Distinct(),
            Rack.Iam.Evaluated.Select(a => a.Action.Split(':')[1]).Distinct().Order());
        Assert.Contains(Rack.Iam.Evaluated, a => a is { Action: "ecs:UpdateService" }
            && a.Resource.EndsWith($"service/{Rack.Cluster}/{app.Name}-api", StringComparison.Ordinal));
        Assert.Contains(Rack.Iam.Evaluated, a => a is { Action: "iam:PassRole", Context: "iam:PassedToService=ecs-tasks.amazonaws.com" });
        Assert.Contains(Rack.Iam.Evaluated,
            a => a.Action == "kms:DescribeKey" && a.Context == $"kms:ResourceAliases=alias/convox-{Rack.Cluster}");
        Assert.Contains(Rack.Iam.Evaluated, a => a.Action == "kms:Decrypt" && a.Context.Contains(
            $"kms:EncryptionContext:convox:app={app.Name}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_missing_is_one_list_at_the_top_that_names_action_resource_and_role()
    {
        var app = await Rack.MakeApp();
        Rack.Iam.RolePath = "/ci/";
        Rack.Iam.Decide = (action, _) => action switch
        {
            "ecs:UpdateService" => "implicitDeny",
            "iam:PassRole" => "explicitDeny",
            _ => "allowed",
        };
        var check = await Check(app.Name);
        Assert.True(check.Code == 1, check.Text);
        var missing = check.Text.Split('\n').Where(l => l.Contains("role/ci/deployer", StringComparison.Ordinal)
            && !l.StartsWith("IAM", StringComparison.Ordinal)).ToList();
        Assert.Equal(check.Text.Split('\n')[1..(missing.Count + 1)], missing);
        Assert.Contains(missing, l => l.StartsWith("ecs:UpdateService", StringComparison.Ordinal)
            && l.Contains($"the service {app.Name}-web", StringComparison.Ordinal)
            && l.EndsWith("no policy allows it to arn:aws:iam::111122223333:role/ci/deployer", StringComparison.Ordinal));
        Assert.Contains(missing,
            l => l.StartsWith("iam:PassRole", StringComparison.Ordinal) && l.Contains("a policy denies it", StringComparison.Ordinal));
    }

    /// <summary>As the policy of an app's template allows it.</summary>
    [Fact]
    public async Task Whoever_may_open_one_app_alone_releases_it_beside_others_with_hooks()
    {
        var (app, other) = (await Rack.MakeApp(), await Rack.MakeApp());
        Assert.Equal(0, (await Rack.Type(other.Name, Rack.Cluster, Cancel, "hooks", "add", "eventbridge:deploys")).Code);
        await Rack.Release(other.Name, "second", digit: 'b');

        Rack.Kms.AllowedApp = app.Name.ToString();
        Assert.Equal(0, (await Check(app.Name)).Code);
        var set = await Rack.Type(app.Name, Rack.Cluster, Cancel, "env", "set", "A=1", "--promote");
        Assert.True(set.Code == 0, set.Text);
        Assert.DoesNotContain("hooks can't be delivered", set.Text, StringComparison.Ordinal);
        var denied = await Rack.Type(other.Name, Rack.Cluster, Cancel, "env", "set", "A=1");
        Assert.Contains("KMS denied", denied.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_to_ask_one_line_says_so_and_nothing_is_missing()
    {
        Rack.Iam.MayEvaluate = false;
        var check = await Check(null);
        Assert.True(check.Code == 0, check.Text);
        Assert.Single(check.Text.Split('\n'), l => l.StartsWith(
            "Only read access was checked, because iam:SimulatePrincipalPolicy can't be asked: IAM denied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_not_there_names_the_command_that_makes_it()
    {
        Rack.Kms.RefusesWith = "NotFoundException";
        var check = await Check(null);
        Assert.True(check.Code == 1, check.Text);
        Assert.Contains($"there is no key 'alias/convox-{Rack.Cluster}'. Create it: dotnet convox rack init", check.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_app_that_nobody_knows_it_says_so_and_asks_about_the_rack()
    {
        var check = await Check(AppName.Parse("unknown"));
        Assert.True(check.Code == 0, check.Text);
        Assert.Contains("the rack; it has no app unknown, and there is no convox.yml here.", check.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Rack.Iam.Evaluated, a => a.Action.StartsWith("secretsmanager:", StringComparison.Ordinal));
    }

    /// <summary>As in docs/aws.md: the stack is made, nothing is released, and the bootstrap has neither roles nor logs.</summary>
    [Fact]
    public async Task Before_the_first_release_it_asks_about_what_the_template_made_for_convox_yml()
    {
        var app = AppName.Parse("shop");
        Rack.Folder = Directory.CreateTempSubdirectory("convox-check-").FullName;
        await File.WriteAllTextAsync(Path.Combine(Rack.Folder, "convox.yml"),
            "services: { web: { port: 8080, environment: [DATABASE_URL] } }", Cancel);
        var (family, bootstrap) = (EcsWorld.Bootstrap(), EcsWorld.Bootstrap());
        family["family"] = "production-shop-web";
        family["executionRoleArn"] = "arn:aws:iam::111122223333:role/convox/production/shop/execution";
        family["taskRoleArn"] = "arn:aws:iam::111122223333:role/convox/production/shop/task";
        family["containerDefinitions"]![0]!["logConfiguration"]!["options"]!["awslogs-group"] = "/convox/production/shop/web";
        Rack.Ecs.Definitions.Add(family);
        bootstrap["family"] = "production-shop-web-convox";
        bootstrap["tags"] = new JsonArray(new JsonObject { ["key"] = "convox:base", ["value"] = "production-shop-web" });
        foreach (var role in (string[])["executionRoleArn", "taskRoleArn"]) bootstrap.Remove(role);
        bootstrap["containerDefinitions"]![0]!.AsObject().Remove("logConfiguration");
        Rack.Ecs.Add("shop-web", Rack.Ecs.Definitions.Add(bootstrap), 1,
            [new JsonObject { ["key"] = "convox:app", ["value"] = "shop" }]);

        var check = await Check(app);
        Assert.True(check.Code == 0, check.Text);
        Assert.Contains("the rack and the app shop, which it doesn't have yet, by convox.yml.", check.Text, StringComparison.Ordinal);
        RequireAskedAboutTheBase();

        await Rack.Records.CreateApp(app, A.Event(), Cancel);
        Rack.Iam.Evaluated.Clear();
        check = await Check(app);
        Assert.Contains("the app shop by convox.yml, because it has no release yet.", check.Text, StringComparison.Ordinal);
        RequireAskedAboutTheBase();

        Rack.Iam.Evaluated.Clear();
        await Rack.Release(app, "first", "services: { web: { port: 8080 } }");
        await Check(app);
        RequireAskedAboutTheBase();
        Directory.Delete(Rack.Folder, recursive: true);
    }

    [Fact]
    public async Task It_asks_for_each_execution_role_whether_it_may_read_the_environment()
    {
        var app = await Rack.MakeApp();
        Rack.Iam.Decide = (action, _) => action == "secretsmanager:GetSecretValue" ? "implicitDeny" : "allowed";
        var check = await Check(app.Name);
        Assert.True(check.Code == 1, check.Text);
        Assert.Matches(
            $"secretsmanager:GetSecretValue +the secret convox/{Rack.Cluster}/{app.Name}, for the role \\S+ "
                + "+no policy allows it to arn:aws:iam::",
            check.Text);
    }

    [Fact]
    public async Task The_secret_is_asked_about_under_both_names_that_are_requested()
    {
        var app = await Rack.MakeApp();
        Rack.Iam.Decide = (action, resource) =>
            action == "secretsmanager:CreateSecret" && resource.EndsWith($"/{app.Name}", StringComparison.Ordinal)
                ? "implicitDeny" : "allowed";
        Assert.Contains($"the secret convox/{Rack.Cluster}/{app.Name}, before it exists", (await Check(app.Name)).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "DescribeTargetHealth")]
    [InlineData(true, "DescribeListeners DescribeLoadBalancers DescribeRules")]
    public async Task A_service_that_is_verified_needs_its_load_balancer(bool hasTestListener, string actions)
    {
        var app = await Rack.MakeApp(EcsScenario.TwoServices.Replace(
            "    port: 8080\n", "    port: 8080\n    verify: ./smoke\n", StringComparison.Ordinal));
        Rack.Ecs[$"{app.Name}-web"].Shifts("BLUE_GREEN", bake: 1);
        if (hasTestListener)
            Rack.Ecs[$"{app.Name}-web"].More["loadBalancers"]![0]!["advancedConfiguration"]!["testListenerRule"] =
                "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/lb/1/1/2";
        await Check(app.Name);
        Assert.Equal(actions.Split(' '), Rack.Iam.Evaluated.Select(a => a.Action.Split(':'))
            .Where(a => a[0] == "elasticloadbalancing").Select(a => a[1]).Order());
    }

    [Fact]
    public async Task An_image_whose_tag_is_looked_up_needs_its_repository_also_in_another_account()
    {
        var app = await Rack.MakeApp(EcsScenario.TwoServices
            + "\n  cache: { image: 444455556666.dkr.ecr.eu-west-1.amazonaws.com/cache/redis:7 }\n");
        Rack.Iam.Decide = (action, resource) =>
            action == "ecr:BatchGetImage" && resource == "arn:aws:ecr:eu-west-1:444455556666:repository/cache/redis"
                ? "implicitDeny" : "allowed";
        var check = await Check(app.Name);
        Assert.True(check.Code == 1, check.Text);
        Assert.Contains("the repository cache/redis, for the image of cache", check.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_on_an_event_bus_needs_it_unless_an_agent_is_there()
    {
        var app = await Rack.MakeApp();
        var added = await Rack.Type(app.Name, Rack.Cluster, Cancel, "hooks", "add", "eventbridge:deploys");
        Assert.True(added.Code == 0, added.Text);
        await Check(app.Name);
        Assert.Contains(Rack.Iam.Evaluated, a => a is { Action: "events:PutEvents" }
            && a.Resource.EndsWith("event-bus/deploys", StringComparison.Ordinal));

        var now = Rack.Ecs.Virtual.GetUtcNow();
        await Rack.Records.Agents.Save(
            new() { Id = "alive", Owner = "agent 1 on box", Version = ToolVersion.Text, StartedAt = now, SeenAt = now }, Cancel);
        Rack.Iam.Evaluated.Clear();
        await Check(app.Name);
        Assert.DoesNotContain(Rack.Iam.Evaluated, a => a.Action == "events:PutEvents");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_agents_are_listed_also_where_something_is_missing(bool isMissing)
    {
        var now = Rack.Ecs.Virtual.GetUtcNow();
        await Rack.Records.Agents.Save(
            new() { Id = "alive", Owner = "agent 1 on box", Version = ToolVersion.Text, StartedAt = now, SeenAt = now }, Cancel);
        if (isMissing) Rack.Iam.Decide = (_, _) => "implicitDeny";
        var check = await Check(null);
        Assert.Equal(isMissing ? 1 : 0, check.Code);
        Assert.Contains($"Running agents: agent 1 on box, version {ToolVersion.Text}", check.Text, StringComparison.Ordinal);
        var json = (await Rack.Type(null, Rack.Cluster, Cancel, "rack", "check", "--json")).Text;
        Assert.Matches("\"action\": \"agent\",\\s+\"on\": \"agent 1 on box, version", json);
    }

    [Fact]
    public async Task What_is_missing_is_listed_also_where_the_agents_cannot_be_read()
    {
        Rack.Services.Single(s => s.Service == "DynamoDB").Break("Query", Answer.Denied, 1000);
        Rack.Iam.Decide = (_, _) => "implicitDeny";
        var check = await Check(null);
        Assert.Equal(1, check.Code);
        Assert.Contains("no policy allows it", check.Text, StringComparison.Ordinal);
        Assert.Contains("Whether an agent is running can't be read: DynamoDB denied Query", check.Text, StringComparison.Ordinal);
    }

    /// <summary>Without an answer, a permission isn't reported as allowed.</summary>
    [Fact]
    public async Task A_denied_STS_is_not_ok()
    {
        Rack.Services.Single(s => s.Service == "STS").Break("GetCallerIdentity", Answer.Denied, 1000);
        var check = await Check(null);
        Assert.Equal(1, check.Code);
        Assert.Matches("sts:GetCallerIdentity +the caller +STS denied GetCallerIdentity", check.Text);
    }

    private void RequireAskedAboutTheBase()
    {
        Assert.Equal(["execution", "task"], Rack.Iam.Evaluated.Where(a => a.Action == "iam:PassRole")
            .Select(a => a.Resource[(a.Resource.LastIndexOf('/') + 1)..]).Order());
        Assert.Contains(Rack.Iam.Evaluated, a => a.Action == "logs:GetLogEvents"
            && a.Resource.EndsWith("log-group:/convox/production/shop/web:*", StringComparison.Ordinal));
    }

    private Task<MatrixRun> Check(AppName? app) => Rack.Type(app, Rack.Cluster, Cancel, "rack", "check");
}
