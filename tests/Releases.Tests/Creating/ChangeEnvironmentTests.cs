using Releases.Testing;
using Xunit;

namespace Releases.Tests.Creating;

public sealed class ChangeEnvironmentTests : IDisposable
{
    private readonly PublishedApp _app = new();

    [Fact]
    public async Task A_change_is_a_release_of_the_bases_artifacts_with_another_environment()
    {
        var built = await _app.Released("Hello");
        var changed = (await _app.Set("FOO", "1"))!.Release;
        Assert.Equal("env add:FOO", changed.Description);
        Assert.Equal((built.Release.Build, built.Release.Manifest, built.Release.Id), (changed.Build, changed.Manifest, changed.BasedOn));
        Assert.Equal(built.Release.Services[A.Web].Artifact!.Digest, changed.Services[A.Web].Artifact!.Digest);
        Assert.Equal([new("FOO", "1")], await _app.Environment.Read(A.App));
        Assert.Empty(await _app.Environment.Read(A.App, built.Release.Id.ToString()));
    }

    [Fact]
    public async Task A_build_shares_the_snapshot_of_its_base()
    {
        await _app.Released("Hello");
        var changed = (await _app.Set("FOO", "1"))!.Release;
        Assert.Equal(changed.Environment, (await _app.Released("Hello", version: "2")).Release.Environment);
    }

    [Fact]
    public async Task The_description_groups_and_sorts_the_keys()
    {
        await _app.Rack.Store.App();
        await _app.Environment.Create(new(A.App, new([new("B", "1"), new("C", "1")], []), null, A.Person));
        var changed = await _app.Environment.Create(new(A.App, new([new("Z", "1"), new("A", "1"), new("B", "2")], ["C"]), null, A.Person));
        Assert.Equal("env add:A add:Z change:B remove:C", changed!.Release.Description);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_makes_no_release()
    {
        await _app.Rack.Store.App();
        await _app.Set("FOO", "1");
        Assert.Null(await _app.Set("FOO", "1"));
        Assert.Null(await _app.Environment.Create(new(A.App, new([], ["BAR"]), null, A.Person)));
        Assert.Equal(1, (await _app.Rack.Store.RequireApp(A.App)).LastNumber);
    }

    [Fact]
    public async Task Replacing_removes_what_is_not_given_and_the_last_variable_can_go()
    {
        await _app.Rack.Store.App();
        await _app.Set("FOO", "1");
        var changed = (await _app.Environment.Create(new(A.App, new([], [], Replace: true), null, A.Person)))!.Release;
        Assert.Equal(("env remove:FOO", null), (changed.Description, changed.Environment));
    }

    [Fact]
    public async Task Before_the_first_build_a_release_of_environment_alone_is_kept_and_built_upon()
    {
        await _app.Rack.Store.App();
        var alone = (await _app.Set("FOO", "1"))!.Release;
        Assert.Empty(alone.Services);
        Assert.Null(alone.Manifest);
        var built = (await _app.Released("Hello")).Release;
        Assert.Equal((alone.Environment, alone.Id), (built.Environment, built.BasedOn));
    }

    [Fact]
    public async Task Changes_and_publishes_at_the_same_moment_lose_nothing()
    {
        await _app.Rack.Store.App();
        await Task.WhenAll(
            [.. Enumerable.Range(0, 8).Select(i => Task.Run(() => _app.Set($"K{i}", "1"))),
                .. Enumerable.Range(0, 8).Select(i => Task.Run(() => _app.Released($"P{i}", service: $"s{i}")))]);
        var latest = (await _app.Rack.Store.ListReleases(A.App, 1))[0];
        Assert.Equal((16, 8, 8), (latest.Number, latest.Services.Count, (await _app.Environment.Read(A.App)).Count));
    }

    [Fact]
    public async Task A_change_to_be_promoted_asks_for_the_base_when_latest_and_active_differ()
    {
        var active = (await _app.Released("Hello")).Release;
        await _app.Rack.Store.Promoted(active);
        Assert.NotNull(await _app.Set("A", "1", toPromote: true));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => _app.Set("B", "1", toPromote: true));
        Assert.True(problem.Is(ProblemCode.ChooseBase));
        var chosen = (await _app.Set("B", "1", from: "active", toPromote: true))!.Release;
        Assert.Equal(active.Id, chosen.BasedOn);
        Assert.Equal([new("B", "1")], await _app.Environment.Read(A.App, chosen.Id.ToString()));
    }

    [Fact]
    public async Task What_an_environment_cannot_hold_is_refused_and_nothing_is_made()
    {
        await _app.Rack.Store.App();
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() => _app.Set("a b", "1"))).Is(ProblemCode.Environment));
        Assert.Null((await _app.Rack.Store.RequireApp(A.App)).Latest);
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_told() =>
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() => _app.Set("A", "1"))).Is(ProblemCode.NoSuchApp));

    [Fact]
    public void An_edit_does_not_print_values() =>
        Assert.DoesNotContain("geheim", new EnvironmentEdit([new("A", "geheim")], []).ToString(), StringComparison.Ordinal);

    public void Dispose() => _app.Dispose();
}
