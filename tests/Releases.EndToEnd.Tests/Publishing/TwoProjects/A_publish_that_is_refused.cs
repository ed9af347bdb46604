using Xunit;

namespace Releases.EndToEnd.Tests.Publishing.TwoProjects;

[Collection(typeof(PublishesOfTwoWebProjects))]
public sealed class A_publish_that_is_refused(TwoWebProjects projects)
{
    [Fact]
    public async Task Points_at_the_line_of_convox_yml_before_anything_is_made()
    {
        var refused = (await projects.Publish("Broken", "broken")).Failed();

        var error = Assert.Single(refused.Lines.Where(l => l.Contains(": error ", StringComparison.Ordinal)).Distinct());
        Assert.StartsWith($"{Path.Combine(projects.Workspace.Folder, "Broken", "convox.yml")}(4,5): error CONVOX0002: ", error,
            StringComparison.Ordinal);
        Assert.Contains("health", error, StringComparison.Ordinal);
        Assert.Null(await projects.Workspace.Use(rack => rack.Store.FindApp(AppName.Parse("broken"))));
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
        Assert.Single(await projects.Builds("double"));
    }

    [Fact]
    public async Task Says_that_there_are_no_credentials_for_a_rack_on_AWS()
    {
        var refused = (await projects.Publish("Front", "far", "-p:ConvoxRack=aws://eu-west-1/production")).Failed();

        Assert.Contains("error CONVOX0036: there are no AWS credentials on this machine. ", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_refused_before_anything_is_made_where_the_tool_that_is_to_promote_is_missing()
    {
        var refused = (await projects.Publish("Front", "unpromoted", "-p:ConvoxPromote=true", "-p:ConvoxToolPath=nowhere")).Failed();

        Assert.Contains("error CONVOX0019: ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("dotnet tool install", refused.Output, StringComparison.Ordinal);
        Assert.Null(await projects.Workspace.Use(rack => rack.Store.FindApp(AppName.Parse("unpromoted"))));
    }

    [Fact]
    public async Task Is_refused_before_anything_is_compiled_for_whatever_can_be_known_by_then()
    {
        (await projects.Publish("Front", "known")).Succeeded();
        projects.Workspace.Write("Wrong/Wrong.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""");
        projects.Workspace.Write("Wrong/Program.cs", "this does not compile");
        projects.Workspace.Write("Wrong/.config/dotnet-tools.json",
            """{ "version": 1, "isRoot": true, "tools": { "dotnet-convox": { "version": "0.0.1", "commands": ["dotnet-convox"] } } }""");
        projects.Workspace.Write("old/dotnet-convox", "#!/bin/sh\necho 'error CONVOX0006: the rack was written by 9.9' >&2; exit 1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(projects.Workspace.Folder, "old", "dotnet-convox"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var elsewhere = Path.Combine(projects.Workspace.Folder, "Front", "Program.cs");

        foreach (var (expected, arguments) in new (string, string[])[]
        {
            ("error CONVOX0019: the local tool manifest lists dotnet-convox, but it isn't restored here",
                ["-p:ConvoxPromote=true", "-p:ConvoxApp=fresh"]),
            ("error CONVOX0019: ", ["-p:ConvoxPromote=true", "-p:ConvoxApp=fresh", "-p:ConvoxToolPath=../old"]),
            ("the rack was written by 9.9", ["-p:ConvoxPromote=true", "-p:ConvoxApp=fresh", "-p:ConvoxToolPath=../old"]),
            ("error CONVOX0017: ", ["-p:ConvoxApp=known"]),
            ("error CONVOX0031: ", ["-p:ConvoxApp=fresh", "-p:ConvoxFrom=active"]),
            ("Base it on the latest release: leave out ConvoxFrom", ["-p:ConvoxApp=fresh", "-p:ConvoxFrom=active"]),
            ("error CONVOX0004: ", ["-p:ConvoxApp=known", "-p:ConvoxService=wrong", "-p:ConvoxFrom=v9"]),
            ("error CONVOX0001: ", ["-p:ConvoxApp=fresh", "-p:ConvoxService=Not_A_Name"]),
            ("error CONVOX0009: ", ["-p:ConvoxApp=fresh", $"-p:ConvoxRack=local:{elsewhere}"]),
        })
        {
            var refused = (await projects.Workspace.Publish("Wrong", arguments)).Failed();
            Assert.Contains(expected, refused.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("error CS", refused.Output, StringComparison.Ordinal);
        }

        Assert.Null(await projects.Workspace.Use(rack => rack.Store.FindApp(AppName.Parse("fresh"))));
        Assert.Single(await projects.Builds("known"));
    }

    [Fact]
    public async Task Of_a_locked_app_that_it_would_promote_compiles_nothing()
    {
        (await projects.Publish("Front", "frozen")).Succeeded();
        await projects.Workspace.Use(async rack => await rack.Store.ChangeApp(
            AppName.Parse("frozen"), app => app with { Hold = new("a person", app.CreatedAt, "a freeze") },
            new() { At = DateTimeOffset.UnixEpoch, Kind = EventKind.AppLocked, By = "a person" }));
        projects.Workspace.Write("Wrong2/Wrong2.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""");
        projects.Workspace.Write("Wrong2/Program.cs", "this does not compile");

        var refused = (await projects.Workspace.Dotnet("publish", "Wrong2", "-c", "Release", "-p:ConvoxPromote=true", "-tl:off",
            "-p:ConvoxApp=frozen", "-p:ConvoxService=other", $"-p:ConvoxToolPath={TestRack.Tool}")).Failed();
        Assert.Contains("error CONVOX0041: ", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("error CS", refused.Output, StringComparison.Ordinal);
    }
}
