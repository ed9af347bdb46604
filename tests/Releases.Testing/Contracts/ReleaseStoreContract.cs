using Xunit;

namespace Releases.Testing;

/// <summary>What every release store does with apps, builds and releases; the rest is in the other parts.</summary>
public abstract partial class ReleaseStoreContract : IAsyncLifetime
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The store under test, empty at first.</summary>
    protected IReleaseStore Store { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Store = await Open();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    /// <summary>Opens an empty store; opening again opens the same one.</summary>
    protected abstract Task<IReleaseStore> Open();

    [Fact]
    public async Task An_app_is_made_once_and_its_making_is_an_event()
    {
        Assert.Null(await Store.FindApp(A.App, Cancel));
        var made = await Store.CreateApp(A.App, A.Event(by: "maker"), Cancel);

        Assert.Equal(("maker", 0L, null), (made.CreatedBy, made.LastNumber, made.DeletedAt));
        await Fails(ProblemCode.AppExists, () => Store.CreateApp(A.App, A.Event(), Cancel));
        Assert.Equal(EventKind.AppCreated, Assert.Single(await Store.ListEvents(A.App, 10, Cancel)).Kind);
    }

    [Fact]
    public async Task Apps_are_listed_by_name_without_those_deleted()
    {
        foreach (var name in (string[])["zebra", "ant", "gone"]) await Store.App(AppName.Parse(name), Cancel);
        await Store.DeleteApp(AppName.Parse("gone"), A.Event(EventKind.AppDeleted), Cancel);

        Assert.Equal(["ant", "zebra"], (await Store.ListApps(Cancel)).Select(a => a.Name.ToString()));
    }

    [Fact]
    public async Task A_deleted_app_leaves_its_numbers_and_its_events_and_nothing_else()
    {
        var release = await Store.Release(cancel: Cancel);
        var promotion = await Store.Promoted(release, cancel: Cancel);
        await Store.ChangeApp(A.App, a => a.Scaled(A.Web, 3), A.Event(EventKind.Scaled), Cancel);
        var build = A.Build();
        await Store.SaveBuild(build, Cancel);

        await Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);

        var tombstone = await Store.FindApp(A.App, Cancel);
        Assert.Equal((1L, null, null, A.Moment), (tombstone!.LastNumber, tombstone.Latest, tombstone.Active, tombstone.DeletedAt));
        Assert.Empty(tombstone.Scale);
        Assert.Empty(await Store.ListReleases(A.App, 10, cancel: Cancel));
        Assert.Null(await Store.FindRelease(A.App, release.Id, Cancel));
        Assert.Null(await Store.FindPromotion(A.App, promotion.Id, Cancel));
        Assert.Null(await Store.FindBuild(A.App, build.Id, Cancel));
        Assert.Equal(EventKind.AppDeleted, (await Store.ListEvents(A.App, 10, Cancel))[0].Kind);
        Assert.False(await Store.TryAddRelease(new(A.Release(2), null, A.Event(EventKind.ReleaseCreated)), Cancel));
        await Fails(ProblemCode.NoSuchApp, () => Store.ChangeApp(A.App, a => a.Scaled(A.Web, 1), A.Event(EventKind.Scaled), Cancel));
    }

    [Fact]
    public async Task An_app_that_is_made_again_goes_on_with_its_numbers()
    {
        await Store.Release(cancel: Cancel);
        await Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        var again = await Store.CreateApp(A.App, A.Event(), Cancel);

        Assert.Equal((1L, null), (again.LastNumber, again.DeletedAt));
        Assert.Equal(2, (await Store.Release(cancel: Cancel)).Number);
    }

    [Fact]
    public async Task A_count_overrides_until_it_is_reset()
    {
        await Store.App(cancel: Cancel);
        await Store.ChangeApp(A.App, a => a.Scaled(A.Web, 4), A.Event(EventKind.Scaled), Cancel);
        Assert.Equal(4, (await Store.FindApp(A.App, Cancel))!.Scale[A.Web]);
        await Store.ChangeApp(A.App, a => a.Scaled(A.Web, null), A.Event(EventKind.Scaled), Cancel);
        Assert.Empty((await Store.FindApp(A.App, Cancel))!.Scale);
    }

    [Fact]
    public async Task Builds_are_written_again_and_listed_newest_first()
    {
        await Store.App(cancel: Cancel);
        var first = A.Build(BuildStatus.Running);
        var second = A.Build(BuildStatus.Running);
        await Store.SaveBuild(first, Cancel);
        await Store.SaveBuild(second, Cancel);
        await Store.SaveBuild(first with { Status = BuildStatus.Failed, Reason = "It did not compile." }, Cancel);

        Assert.Equal([second.Id, first.Id], (await Store.ListBuilds(A.App, 10, Cancel)).Select(b => b.Id));
        Assert.Equal([second.Id], (await Store.ListBuilds(A.App, 1, Cancel)).Select(b => b.Id));
        Assert.Equal("It did not compile.", (await Store.FindBuild(A.App, first.Id, Cancel))!.Reason);
        Assert.Null(await Store.FindBuild(AppName.Parse("other"), first.Id, Cancel));
    }

    [Fact]
    public async Task A_build_is_heard_of_as_long_as_it_runs()
    {
        await Store.App(cancel: Cancel);
        var build = A.Build(BuildStatus.Running);
        await Store.RenewBuild(A.App, build.Id, A.Moment, Cancel);
        Assert.Null(await Store.FindBuild(A.App, build.Id, Cancel));

        await Store.SaveBuild(build, Cancel);
        await Store.RenewBuild(A.App, build.Id, A.Moment.AddHours(1), Cancel);
        Assert.Equal(A.Moment.AddHours(1), (await Store.FindBuild(A.App, build.Id, Cancel))!.HeardAt);
        Assert.Equal(A.Moment.AddHours(1), Assert.Single(await Store.ListBuilds(A.App, 10, Cancel)).HeardAt);

        await Store.SaveBuild(build with { Status = BuildStatus.Failed, Reason = "It did not compile." }, Cancel);
        await Store.RenewBuild(A.App, build.Id, A.Moment.AddHours(2), Cancel);
        var ended = (await Store.FindBuild(A.App, build.Id, Cancel))!;
        Assert.Equal((BuildStatus.Failed, "It did not compile.", null), (ended.Status, ended.Reason, ended.HeardAt));
    }

    [Fact]
    public async Task A_build_that_has_a_release_is_not_written_over()
    {
        await Store.App(cancel: Cancel);
        var build = A.Build(BuildStatus.Running);
        await Store.SaveBuild(build, Cancel);
        await Store.SaveBuild(build with { Status = BuildStatus.Complete }, Cancel);
        await Store.SaveBuild(build with { Status = BuildStatus.Failed, Reason = "The answer got lost." }, Cancel);
        Assert.Equal((BuildStatus.Complete, null),
            await Store.FindBuild(A.App, build.Id, Cancel) is { } kept ? (kept.Status, kept.Reason) : default);
    }

    [Fact]
    public async Task A_builds_log_is_kept_in_pieces_and_goes_with_its_app()
    {
        await Store.App(cancel: Cancel);
        var (build, other) = (A.Build(), A.Build());
        Assert.Empty(await Store.ReadBuildLog(A.App, build.Id, cancel: Cancel));
        var large = new string('ß', Build.MaxLogPart - 1) + "\n";
        for (var part = 0; part < 12; part++)
            await Store.AppendBuildLog(A.App, build.Id, part, part == 3 ? large : $"line {part}\n", Cancel);
        await Store.AppendBuildLog(A.App, build.Id, 11, "the last line\n", Cancel);
        await Store.AppendBuildLog(A.App, other.Id, 0, "another build\n", Cancel);

        Assert.Equal(
            [.. Enumerable.Range(0, 11).Select(p => p == 3 ? large : $"line {p}\n"), "the last line\n"],
            await Store.ReadBuildLog(A.App, build.Id, cancel: Cancel));
        Assert.Equal(["line 9\n", "line 10\n", "the last line\n"], await Store.ReadBuildLog(A.App, build.Id, 9, cancel: Cancel));
        Assert.Equal(["line 10\n", "the last line\n"], await Store.ReadBuildLog(A.App, build.Id, last: 2, cancel: Cancel));
        Assert.Empty(await Store.ReadBuildLog(A.App, build.Id, 12, cancel: Cancel));
        await Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        Assert.Empty(await Store.ReadBuildLog(A.App, build.Id, cancel: Cancel));
    }

    /// <summary>Asserts that a call fails with this problem.</summary>
    protected static async Task<Problem> Fails(string code, Func<Task> call)
    {
        var thrown = await Assert.ThrowsAsync<ProblemException>(call);
        Assert.Equal(code, thrown.Problems[0].Code);
        return thrown.Problems[0];
    }
}
