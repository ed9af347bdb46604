using System.Text.Json;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing.TwoProjects;

[Collection(typeof(PublishesOfTwoWebProjects))]
public sealed class A_publish_with_properties(TwoWebProjects projects)
{
    [Fact]
    public async Task Goes_to_the_rack_the_app_and_the_service_that_they_name_and_onto_the_release_that_they_name()
    {
        var home = new Local.LocalHome(Path.Combine(projects.Workspace.Folder, "elsewhere"));
        string[] named = ["-p:ConvoxService=site", $"-p:ConvoxRack=local:{home.Folder}"];
        (await projects.Publish("Front", "named", named)).Succeeded();
        (await projects.Publish("Front", "named", named)).Succeeded();

        var last = (await projects.Publish("Front", "named", [.. named, "-p:ConvoxDescription=the one we want", "-p:ConvoxFrom=v1"]))
            .Succeeded();

        await using var rack = Local.LocalRack.Open(home, "local", TimeProvider.System);
        var releases = await rack.Store.ListReleases(AppName.Parse("named"), 10, cancel: TestContext.Current.CancellationToken);
        Assert.Equal("site", Assert.Single(releases[0].Services).Key.ToString());
        Assert.Equal("the one we want", releases[0].Description);
        Assert.Equal(releases[2].Id, releases[0].BasedOn);
        Assert.Equal(
            $"Front -> release {releases[0].Id} (the one we want); promote it with: dotnet convox promote {releases[0].Id} --app named --rack local:{home.Folder}",
            last.Lines[^1]);
    }

    [Fact]
    public async Task Gives_the_ids_to_who_asks_for_them_and_has_no_description_outside_git()
    {
        var asked = (await projects.Publish("Front", "asked", "-getProperty:ConvoxReleaseId", "-getProperty:ConvoxBuildId")).Succeeded();

        var release = Assert.Single(await projects.Releases("asked"));
        var properties = JsonDocument.Parse(asked.Output).RootElement.GetProperty("Properties");
        Assert.Equal(release.Id.ToString(), properties.GetProperty("ConvoxReleaseId").GetString());
        Assert.Equal(release.Build.ToString(), properties.GetProperty("ConvoxBuildId").GetString());
        Assert.Equal("", release.Description);
        Assert.Null(release.Commit);
    }
}
