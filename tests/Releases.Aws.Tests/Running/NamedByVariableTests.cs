using Releases.Aws.Tests.Engine;
using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Running;

/// <summary>Commands on an app whose convox.yml names an ECS service or a container by a variable.</summary>
public sealed class NamedByVariableTests(DynamoDbLocal dynamo) : RackTests(dynamo, "named")
{
    private static readonly string Named = EcsScenario.TwoServices.Replace(
        "x-aws: { container: web }", "x-aws: { container: \"${WEB:-web}\", service: \"${APP}-${SERVICE}\" }", StringComparison.Ordinal);

    [Fact]
    public async Task They_find_what_a_promotion_put_there()
    {
        var app = await Rack.MakeApp(Named);
        await Type(app, 0, "promote");
        foreach (var listed in (string[])["ps", "services"]) Assert.Contains("api", await Type(app, 0, listed), StringComparison.Ordinal);
        Assert.Contains("a line", await Type(app, 0, "logs"), StringComparison.Ordinal);

        await Type(app, 0, "scale", "web", "5");
        Assert.Equal(5, Rack.Ecs[$"{app.Name}-web"].Desired);

        Assert.Contains(
            $"api, web of {app.Name} still run its releases", await Type(app, 1, "apps", "delete", app.Name.ToString(), "--yes"),
            StringComparison.Ordinal);
        Assert.Null((await Rack.Records.FindApp(app.Name, Cancel))!.DeletedAt);

        await Type(app, 0, "rack", "check");
        Assert.Contains(Rack.Iam.Evaluated, a => a is { Action: "ecs:UpdateService" }
            && a.Resource.EndsWith($"service/{Rack.Cluster}/{app.Name}-api", StringComparison.Ordinal));
        Assert.DoesNotContain(Rack.Iam.Evaluated, a => a.Resource.Contains("${", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_environment_the_guard_of_a_deletion_stays()
    {
        var app = await Rack.MakeApp(Named);
        await Type(app, 0, "promote");
        Rack.Kms.AllowedApp = "another";
        Assert.Contains("KMS denied", await Type(app, 1, "apps", "delete", app.Name.ToString(), "--yes"), StringComparison.Ordinal);
        Assert.Null((await Rack.Records.FindApp(app.Name, Cancel))!.DeletedAt);
    }

    [Fact]
    public async Task It_stays_also_while_nothing_is_active_and_what_is_to_keep_running_needs_no_environment()
    {
        var app = await Rack.MakeApp(Named.Replace("${APP}", "${TIER}", StringComparison.Ordinal));
        await Type(app, 0, "env", "set", "TIER=prod");
        Rack.Kms.AllowedApp = "another";
        Assert.Contains("KMS denied", await Type(app, 1, "apps", "delete", app.Name.ToString(), "--yes"), StringComparison.Ordinal);
        await Type(app, 0, "apps", "delete", app.Name.ToString(), "--yes", "--keep-running");
        Assert.NotNull((await Rack.Records.FindApp(app.Name, Cancel))!.DeletedAt);
    }

    [Fact]
    public async Task An_app_whose_only_release_lacks_the_variable_runs_nothing_and_can_be_deleted()
    {
        var app = await Rack.MakeApp(Named.Replace("${APP}", "${TIER}", StringComparison.Ordinal));
        await Type(app, 0, "ps");
        Assert.Contains("missing required environment variable TIER", await Type(app, 0, "rack", "check"), StringComparison.Ordinal);
        await Type(app, 0, "apps", "delete", app.Name.ToString(), "--yes");
        Assert.NotNull((await Rack.Records.FindApp(app.Name, Cancel))!.DeletedAt);
    }

    [Fact]
    public async Task Before_the_first_release_IAM_is_asked_about_the_others()
    {
        Rack.Folder = Directory.CreateTempSubdirectory("convox-named-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(Rack.Folder, "convox.yml"), "services: { web: { x-aws: { service: \"${TIER}\" } }, api: {} }", Cancel);
        var check = await Rack.Type(AppName.Parse("shop"), Rack.Cluster, Cancel, "rack", "check");
        Directory.Delete(Rack.Folder, recursive: true);
        Assert.Contains("by convox.yml, without web: only a promotion resolves the variable in x-aws.service.", check.Text,
            StringComparison.Ordinal);
        Assert.Equal([$"{Rack.Cluster}/shop-api"], Rack.Iam.Evaluated.Where(a => a.Action == "ecs:UpdateService")
            .Select(a => a.Resource.Split("service/")[1]).Distinct());
    }

    private async Task<string> Type(MatrixApp app, int code, params string[] words)
    {
        var run = await Rack.Type(app.Name, Rack.Cluster, Cancel, words);
        Assert.True((run.Code == 0) == (code == 0), run.Text);
        return run.Text;
    }
}
