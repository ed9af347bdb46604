using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>Artifacts that no release has any longer, and their files.</summary>
public sealed class CollectionTests : ArtifactTest
{
    [Fact]
    public async Task Go_with_their_app_and_take_no_file_that_another_app_has()
    {
        await using var rack = LocalRack.Open(Home, "local", Time);
        var (shop, other) = (AppName.Parse("shop"), AppName.Parse("other"));
        await Publish(rack, shop, "one");
        await Publish(rack, shop, "two");
        var kept = await Publish(rack, other, "two");
        var mine = await Publish(rack, other, "three");
        Assert.Equal(3, StoreChecker.Artifacts(Home).Count);

        await Delete(rack, shop);
        Assert.Equal(new[] { kept, mine }.Select(a => Home.ArtifactOf(a.Digest)).Order(), StoreChecker.Artifacts(Home).Order());
        Assert.Empty(StoreChecker.Unnamed(Home));
        Assert.Null(await rack.Artifacts.Verify(kept, Cancel));
        IsSound();

        await Delete(rack, other);
        Assert.Empty(StoreChecker.Artifacts(Home));
        Assert.Empty(StoreChecker.Files(Home));
    }

    [Fact]
    public async Task Stay_while_a_build_runs_that_may_have_found_them_stored_and_go_when_it_is_silent()
    {
        await using var store = SqliteReleaseStore.Open(Home);
        await store.CreateApp(A.App, A.Event(), Cancel);
        await store.SaveBuild(new()
        {
            Id = BuildId.New(),
            App = A.App,
            Status = BuildStatus.Running,
            StartedAt = Time.GetUtcNow(),
            StartedBy = A.Person
        }, Cancel);
        var stored = await Store();
        var collection = new ArtifactCollection(Home, store, Time);
        Assert.Equal([stored.Digest], await collection.Unnamed(Cancel));
        Assert.False(await collection.Run(Cancel));
        Assert.Null(await Artifacts.Verify(stored, Cancel));

        Time.Advance(TimeSpan.FromMinutes(3));
        Assert.True(await collection.Run(Cancel));
        Assert.Empty(StoreChecker.Artifacts(Home));
        Assert.Empty(StoreChecker.Files(Home));
    }

    [Fact]
    public async Task Stay_if_a_newer_version_wrote_a_release()
    {
        await using var store = SqliteReleaseStore.Open(Home);
        await store.CreateApp(A.App, A.Event(), Cancel);
        var release = A.Release(1) with { Format = StoredDocument.CurrentFormat + 1 };
        Assert.True(await store.TryAddRelease(new(release, null, A.Event(EventKind.ReleaseCreated, release.Id)), Cancel));
        await Store();
        Assert.False(await new ArtifactCollection(Home, store, Time).Run(Cancel));
        Assert.Single(StoreChecker.Artifacts(Home));
    }

    [Fact]
    public async Task Are_lost_one_by_one_and_no_other_if_the_process_is_killed_at_any_of_them()
    {
        await using var rack = LocalRack.Open(Home, "local", Time);
        var kept = await Publish(rack, A.App, "kept");
        for (var (moment, exit) = (1, -1); exit != 0; moment++)
        {
            foreach (var n in Enumerable.Range(0, 2))
            {
                Write("Hello.dll", $"nobody's {n}");
                await Store();
            }

            (exit, _) = await Process(moment, "collect", Home.Folder);
            Assert.True(exit is 0 or 128 + NativeProcess.SIGKILL);
            Assert.Null(await rack.Artifacts.Verify(kept, Cancel));
            IsSound();
            Assert.Equal((0, "True"), await Process(0, "collect", Home.Folder));
            Assert.Equal(Home.ArtifactOf(kept.Digest), Assert.Single(StoreChecker.Artifacts(Home)));
            Assert.True(exit != 0 || moment > 5);
            Time.Advance(TimeSpan.FromDays(2));
            new TemporaryFolders(Time).Sweep(Home.Artifacts);
            new StoredFiles(Home).RemoveUnnamed();
            Assert.Equal(2, StoreChecker.Files(Home).Count);
        }
    }

    [Fact]
    public async Task Are_never_those_of_a_release_however_publishes_and_collections_meet()
    {
        await using var rack = LocalRack.Open(Home, "local", TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var collecting = Task.Run(async () =>
        {
            await using var store = SqliteReleaseStore.Open(Home);
            while (!stop.IsCancellationRequested)
                await new ArtifactCollection(Home, store, TimeProvider.System).Run(CancellationToken.None);
        }, Cancel);
        for (var n = 0; n < 30; n++)
        {
            // The same content comes and goes: found stored by one publish, nobody's after the app is deleted.
            var artifact = await Publish(rack, A.App, $"{n % 3}");
            Assert.Null(await rack.Artifacts.Verify(artifact, Cancel));
            if (n % 5 == 4) await rack.Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        }

        await stop.CancelAsync();
        await collecting;
        IsSound();
    }

    [Fact]
    public async Task Are_removed_while_a_publish_sweeps_the_same_folder()
    {
        Directory.CreateDirectory(Home.Artifacts);
        for (var round = 0; round < 50; round++)
        {
            var doomed = Path.Combine(Home.Artifacts, ".making-old");
            foreach (var n in Enumerable.Range(0, 20)) Directory.CreateDirectory(Path.Combine(doomed, "files", $"{n}", "inner"));
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => TemporaryFolders.Remove(doomed), Cancel)));
            if (Directory.Exists(doomed)) TemporaryFolders.Remove(doomed);
            Assert.False(Directory.Exists(doomed));
        }
    }

    private async Task<Artifact> Publish(LocalRack rack, AppName app, string content)
    {
        Write("Hello.dll", content);
        var project = Path.Combine(Temporary, "Hello.csproj");
        var made = await new CreateRelease(rack, Time).FromBuild(
            new(app, Temporary, [new(new(project, A.Web, true), Published, "Hello")], "", null, A.Person), Cancel);
        return made.Release.Services[A.Web].Artifact!;
    }

    private static async Task Delete(LocalRack rack, AppName app)
    {
        await rack.Store.DeleteApp(app, A.Event(EventKind.AppDeleted), Cancel);
        await rack.Forget(app, Cancel);
    }
}
