using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

public sealed class A_project_that_is_published_twice(PublishedTwice published) : IClassFixture<PublishedTwice>
{
    private Release First => published.Releases[0];

    private Release Last => published.Releases[^1];

    [Fact]
    public async Task Makes_the_app_a_complete_build_and_release_number_one()
    {
        var build = await published.Workspace.Use(rack => rack.Store.FindBuild(PublishedTwice.App, First.Build!.Value));

        Assert.Equal(1, First.Number);
        Assert.Equal("web", Assert.Single(First.Services).Key.ToString());
        Assert.Equal("Storefront/Storefront.csproj", First.Services.Values.Single().Project);
        Assert.Equal("Storefront", First.Services.Values.Single().Artifact?.EntryPoint);
        Assert.Equal(BuildStatus.Complete, build?.Status);
        Assert.Equal(First.Id, build?.Release);
        Assert.Equal(40, build?.Commit?.Length);
    }

    [Fact]
    public void Is_described_by_the_commit() =>
        Assert.Equal($"build {First.Commit![..10]} open the shop", First.Description);

    [Fact]
    public void Says_in_its_last_line_how_to_promote() =>
        Assert.Equal(
            $"Storefront -> release {First.Id} ({First.Description}); promote it with: dotnet convox promote {First.Id}",
            published.First.Lines[^1]);

    [Fact]
    public void Appends_the_ids_to_the_output_of_a_GitHub_job() =>
        Assert.Equal($"release_id={First.Id}\nbuild_id={First.Build}\n", published.GitHubOutput);

    [Fact]
    public void Leaves_what_was_made_in_the_obj_folder()
    {
        var left = published.Workspace.ReleaseFile("Storefront");

        Assert.Equal(Last.Id.ToString(), left.GetProperty("release").GetString());
        Assert.Equal(Last.Build.ToString(), left.GetProperty("build").GetString());
        Assert.Equal(3, left.GetProperty("version").GetInt64());
        Assert.Equal("shop", left.GetProperty("app").GetString());
    }

    [Fact]
    public void Bases_the_next_release_on_the_latest_and_keeps_its_environment()
    {
        Assert.Equal(3, Last.Number);
        Assert.Equal(published.Releases[1].Id, Last.BasedOn);
        Assert.NotNull(Last.Environment);
        Assert.Equal(published.Releases[1].Environment, Last.Environment);
    }

    [Fact]
    public void Says_that_there_were_uncommitted_changes() =>
        Assert.Equal($"build {First.Commit![..10]} with uncommitted changes", Last.Description);

    [Fact]
    public void Stores_the_same_content_once()
    {
        Assert.Equal(First.Services.Values.Single().Artifact?.Digest, Last.Services.Values.Single().Artifact?.Digest);
        Assert.NotEqual(First.Build, Last.Build);
        Assert.Single(published.Workspace.StoredArtifacts());
    }
}
