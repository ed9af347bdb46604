using System.Diagnostics;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>What retention removes from a home, killed at every write and done by two processes at once.</summary>
public sealed class PruningTests : ArtifactTest
{
    [Fact]
    public async Task Frees_what_it_said_and_leaves_every_file_that_another_artifact_has()
    {
        await using var rack = LocalRack.Open(Home, "local", Time);
        Write("shared.dll", new string('s', 10_000));
        var old = await Publish(rack, new string('1', 1000));
        var kept = await Publish(rack, new string('2', 2000));
        await Keep(rack, 1);
        Time.Advance(TimeSpan.FromDays(91));
        var preview = (await Prune(rack).Preview(A.App, Cancel)).Bytes;
        var before = Bytes();
        Assert.Equal(preview, (await Prune(rack).Run(A.App, A.Person, Cancel)).Bytes);
        Assert.Equal(preview, before - Bytes());
        Assert.InRange(preview, 1000, 2000);
        Assert.NotNull(await rack.Artifacts.Verify(old, Cancel));
        Assert.Null(await rack.Artifacts.Verify(kept, Cancel));
        IsSound();
    }

    [Fact]
    public async Task Keeps_an_artifact_that_another_app_has()
    {
        await using var rack = LocalRack.Open(Home, "local", Time);
        var shared = await Publish(rack, "shared");
        await Publish(rack, "newer");
        await Publish(rack, "shared", AppName.Parse("other"));
        await Keep(rack, 1);
        Time.Advance(TimeSpan.FromDays(91));
        var report = await Prune(rack).Run(A.App, A.Person, Cancel);
        Assert.Equal((1, 0), (report.Releases.Count, report.Bytes));
        Assert.Null(await rack.Artifacts.Verify(shared, Cancel));
    }

    [Theory]
    [InlineData("CONVOX_FAILPOINT", 5)]
    [InlineData("CONVOX_FAILPOINT_FILES", 4)]
    public async Task Killed_at_any_write_loses_nothing_that_is_kept_and_the_next_run_finishes_it(string variable, int atLeast)
    {
        await using var rack = LocalRack.Open(Home, "local", Time);
        var kept = await Publish(rack, "kept");
        await Keep(rack, 1);
        for (var (moment, exit) = (1, -1); exit != 0; moment++)
        {
            foreach (var n in Enumerable.Range(0, 2)) await Publish(rack, $"{moment} {n}");
            kept = await Publish(rack, $"kept {moment}");
            exit = await PruneElsewhere(variable, moment);
            Assert.True(exit is 0 or 128 + NativeProcess.SIGKILL);
            IsSound();
            await EveryReleaseIsAsItSays(rack);
            Assert.Equal(0, await PruneElsewhere(variable, 0));
            Assert.Null(await rack.Artifacts.Verify(kept, Cancel));
            Assert.Equal(Home.ArtifactOf(kept.Digest), Assert.Single(StoreChecker.Artifacts(Home)));
            Assert.Empty((await rack.Store.RequireApp(A.App, Cancel)).Pruning);
            Assert.True(exit != 0 || moment > atLeast, $"It has only {moment - 1} writes.");
        }
    }

    [Fact]
    public async Task Two_processes_at_once_beside_publishes_and_rollbacks_lose_nothing_that_is_kept()
    {
        await using var rack = LocalRack.Open(Home, "local", TimeProvider.System);
        await Publish(rack, "first");
        await Keep(rack, 2, days: 0);
        using var stop = new CancellationTokenSource();
        var pruning = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            await using var mine = LocalRack.Open(Home, "local", TimeProvider.System);
            while (!stop.IsCancellationRequested) await Prune(mine, TimeProvider.System).Run(A.App, A.Person, CancellationToken.None);
        }, Cancel)).ToList();
        for (var n = 0; n < 24; n++)
        {
            Assert.Null(await rack.Artifacts.Verify(await Publish(rack, $"{n % 7}"), Cancel));
            if (n % 3 == 0) await Copied(rack, n);
        }

        await stop.CancelAsync();
        await Task.WhenAll(pruning);
        await Prune(rack, TimeProvider.System).Run(A.App, A.Person, Cancel);
        await EveryReleaseIsAsItSays(rack);
        IsSound();
    }

    /// <summary>A release that is older may be pruned at that moment: then there is no copy.</summary>
    private static async Task Copied(LocalRack rack, int n)
    {
        var app = await rack.Store.RequireApp(A.App, Cancel);
        var older = await rack.Store.FindRelease(A.App, new ReleaseReference(null, app.LastNumber - (n % 2) - 1), Cancel);
        if (older is null) return;
        try
        {
            var copies = new RollbackRelease(rack, TimeProvider.System);
            var copy = await copies.Create(A.App, older.Id, A.Person, a => rack.Store.TryAddRelease(a), Cancel);
            Assert.Null(await rack.Artifacts.Verify(copy.Services[A.Web].Artifact!, Cancel));
        }
        catch (ProblemException pruned) when (pruned.Is(ProblemCode.Pruned))
        {
            Assert.NotNull((await rack.Store.RequireRelease(A.App, older.Id, Cancel)).PrunedAt);
        }
    }

    internal static async Task EveryReleaseIsAsItSays(LocalRack rack)
    {
        foreach (var release in (await rack.Store.ListReleases(A.App, int.MaxValue, cancel: Cancel)).Where(r => r.PrunedAt is null))
            Assert.Null(await rack.Artifacts.Verify(release.Services[A.Web].Artifact!, Cancel));
    }

    private PruneReleases Prune(LocalRack rack, TimeProvider? time = null) => new(rack.Store, rack.Removal, time ?? Time);

    private static Task<App> Keep(LocalRack rack, int keep, int days = 90) =>
        rack.Store.ChangeApp(A.App, a => a with { Retention = new(keep, days) }, A.Event(EventKind.RetentionChanged), Cancel);

    private async Task<Artifact> Publish(LocalRack rack, string content, AppName? app = null)
    {
        Write("Hello.dll", content);
        var project = Path.Combine(Temporary, "Hello.csproj");
        var made = await new CreateRelease(rack, Time).FromBuild(
            new(app ?? A.App, Temporary, [new(new(project, A.Web, true), Published, "Hello")], "", null, A.Person), Cancel);
        return made.Release.Services[A.Web].Artifact!;
    }

    /// <summary>What the stored files take, and the descriptions of the artifacts.</summary>
    private long Bytes() => StoreChecker.Files(Home).Concat(StoreChecker.Artifacts(Home).SelectMany(a => Directory.GetFiles(a)))
        .Sum(f => new FileInfo(f).Length);

    private async Task<int> PruneElsewhere(string variable, int moment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Releases.Testing.Worker.dll"), "files", "prune",
            Home.Folder])
        { RedirectStandardOutput = true };
        start.Environment[variable] = $"{moment}";
        using var process = System.Diagnostics.Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return process.ExitCode;
    }
}
