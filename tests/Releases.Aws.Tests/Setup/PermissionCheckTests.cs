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
            "UploadLayerPart", "PassRole", "TagResource"];

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
            a => a.Action == "kms:Decrypt" && a.Context == $"kms:ResourceAliases=alias/convox-{Rack.Cluster}");
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
    public async Task Without_an_app_only_theRack_is_asked_about()
    {
        var check = await Check(AppName.Parse("unknown"));
        Assert.True(check.Code == 0, check.Text);
        Assert.Contains("the rack; name an app to ask about its services as well.", check.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Rack.Iam.Evaluated, a => a.Action.StartsWith("secretsmanager:", StringComparison.Ordinal));
    }

    private Task<MatrixRun> Check(AppName? app) => Rack.Type(app, Rack.Cluster, Cancel, "rack", "check");
}
