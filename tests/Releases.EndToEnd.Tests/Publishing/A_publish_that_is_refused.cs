using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

[Collection(typeof(PublishesOfTwoWebProjects))]
public sealed class A_publish_that_is_refused(TwoWebProjects projects)
{
    [Fact]
    public async Task Points_at_the_line_of_convox_yml_and_leaves_a_failed_build_and_no_release()
    {
        var refused = (await projects.Publish("Broken", "broken")).Failed();

        var error = Assert.Single(refused.Lines.Where(l => l.Contains(": error ", StringComparison.Ordinal)).Distinct());
        Assert.StartsWith($"{Path.Combine(projects.Workspace.Folder, "Broken", "convox.yml")}(4,5): error CONVOX0002: ", error, StringComparison.Ordinal);
        Assert.Contains("health", error, StringComparison.Ordinal);
        Assert.Empty(await projects.Releases("broken"));
        var build = Assert.Single(await projects.Builds("broken"));
        Assert.Equal(BuildStatus.Failed, build.Status);
        Assert.Contains("health", build.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_both_projects_that_would_be_the_same_service()
    {
        (await projects.Publish("Front", "double")).Succeeded();

        var refused = (await projects.Publish("Back", "double")).Failed();

        Assert.Contains("error CONVOX0017: ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Front/Front.csproj", refused.Output, StringComparison.Ordinal);
        Assert.Contains("ConvoxService", refused.Output, StringComparison.Ordinal);
        Assert.Single(await projects.Releases("double"));
        Assert.Equal(BuildStatus.Failed, (await projects.Builds("double"))[0].Status);
    }

    [Fact]
    public async Task Says_that_there_are_no_credentials_for_a_rack_on_AWS()
    {
        var refused = (await projects.Publish("Front", "far", "-p:ConvoxRack=aws://eu-west-1/production")).Failed();

        Assert.Contains("error CONVOX0036: There are no AWS credentials here", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_refused_before_anything_is_made_where_the_tool_that_is_to_promote_is_missing()
    {
        var refused = (await projects.Publish("Front", "unpromoted", "-p:ConvoxPromote=true", "-p:ConvoxToolPath=nowhere")).Failed();

        Assert.Contains("error CONVOX0019: ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("dotnet tool install", refused.Output, StringComparison.Ordinal);
        Assert.Null(await projects.Workspace.Use(rack => rack.Store.FindApp(AppName.Parse("unpromoted"))));
    }
}
