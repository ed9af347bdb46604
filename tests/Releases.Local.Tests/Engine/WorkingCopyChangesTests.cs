using System.Globalization;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>Files that processes write into the folder of their release.</summary>
public sealed class WorkingCopyChangesTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private LocalEngineWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Work => Path.Combine(_world.Home.Work, A.App.ToString());

    public async ValueTask InitializeAsync()
    {
        _world = await LocalEngineWorld.Make();
        _world.Variables["KESTREL"] = "1";
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Are_named_by_the_promotion_and_in_the_log_and_are_still_there()
    {
        var first = await _world.Release(RolloutOutcome.Succeeds, "web");
        Assert.Empty(Assert.Single(await _world.Run(first)).Warnings);
        await Write("app.db");
        foreach (var n in Enumerable.Range(1, 60)) await Write($"uploads/{n}.png");
        await Write("appsettings.json");

        var warning = Assert.Single(Assert.Single(await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web"))).Warnings);
        Assert.StartsWith($"web wrote app.db, appsettings.json, uploads/ (60 files) to the folder of {first.Release.Id}", warning,
            StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_world.Home.Data, A.App.ToString(), "web"), warning, StringComparison.Ordinal);
        var line = Assert.Single(await Log(), l => l.Process == "convox");
        Assert.Equal((warning, first.Release.Id), (line.Text, line.Release));
        Assert.Equal("app.db", await File.ReadAllTextAsync(Path.Combine(Work, first.Release.Id.ToString(), "web", "app.db"), Cancel));

        // Told once: what the next promotion finds there is no news.
        Assert.Empty(Assert.Single(await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web"))).Warnings);
        Assert.Single(await Log(), l => l.Process == "convox");
    }

    [Fact]
    public async Task Are_kept_of_the_last_three_releases_and_copies_without_any_go_at_once()
    {
        var written = new List<ReleaseId>();
        for (var n = 0; n < 5; n++)
        {
            var rollout = await _world.Release(RolloutOutcome.Succeeds, "web");
            await _world.Run(rollout);
            await Write("app.db");
            written.Add(rollout.Release.Id);
        }

        var clean = await _world.Release(RolloutOutcome.Succeeds, "web");
        await _world.Run(clean);
        var last = await _world.Release(RolloutOutcome.Succeeds, "web");
        await _world.Run(last);
        Assert.Equal(
            [.. written[2..].Append(last.Release.Id).Select(r => r.ToString()).Order(StringComparer.Ordinal)],
            Directory.GetDirectories(Work).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "")]
    [InlineData(true, "compared PAAAAAAAAAA\n")]
    [InlineData(true, "sha256:ab12")]
    public async Task Are_kept_by_the_next_daemon_although_the_artifact_was_pruned_or_a_power_failure_left_it_unknown(
        bool isDamaged, string? origin)
    {
        var first = await _world.Release(RolloutOutcome.Succeeds, "web");
        await _world.Run(first);
        await Write("app.db");
        var second = await _world.Release(RolloutOutcome.Succeeds, "web");
        await _world.Run(second);
        var copy = Path.Combine(Work, first.Release.Id.ToString(), "web");
        var digest = first.Services[0].Content.Artifact!.Digest;
        if (isDamaged) await File.WriteAllTextAsync(copy + ".origin", origin, Cancel);
        else TemporaryFolders.Delete(_world.Home.ArtifactOf(digest));

        var copies = new WorkingCopies(_world.Home, new(_world.Home, TimeProvider.System));
        copies.KeepOnly(A.App, [second.Release.Id], (_, _, _) => { });

        Assert.Equal("app.db", await File.ReadAllTextAsync(Path.Combine(copy, "app.db"), Cancel));
        if (!isDamaged) return;
        await copies.Prepare(A.App, first.Release.Id, first.Services[0], Cancel);
        Assert.Equal($"{digest}\n{(origin == "sha256:ab12" ? "" : origin)}", await File.ReadAllTextAsync(copy + ".origin", Cancel));
        Assert.Contains("web wrote app.db", copies.Left(A.App, first.Release.Id, first.Services[0].Service.Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_release_that_failed_are_in_the_log()
    {
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web"));
        var bad = await _world.Release(RolloutOutcome.NeverHealthy, "web");
        var service = new ServiceRollout(bad, bad.Services[0], new MemoryJournal());
        await _world.Engine.Start(service, Cancel);
        await File.WriteAllTextAsync(Path.Combine(Work, bad.Release.Id.ToString(), "web", "half.db"), "", Cancel);
        await _world.Engine.Undo(service, Cancel);
        while ((await _world.Engine.ObserveUndo([service], Cancel))[service.Name].State != ObservedState.Complete)
            await _world.Engine.WaitForChange(A.App, Cancel);
        await _world.Engine.Settle(bad, A.Promotion(bad.Release, PromotionStatus.Failed) with { Id = bad.Promotion }, Cancel);
        await _world.Engine.CleanUp(A.App, Cancel);
        Assert.Contains("web wrote half.db to", Assert.Single(await Log(), l => l.Process == "convox").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_named_up_to_five_the_largest_folders_first_and_links_are_not_followed()
    {
        using var folders = new TemporaryHome();
        var (copy, original) = (Path.Combine(folders.Home.Folder, "copy"), Path.Combine(folders.Home.Folder, "original"));
        Directory.CreateDirectory(Path.Combine(original, "wwwroot"));
        Directory.CreateDirectory(Path.Combine(copy, "wwwroot"));
        Assert.Null(WorkingCopyChanges.Describe(copy, original));
        foreach (var n in Enumerable.Range(0, 7))
            File.WriteAllText(Path.Combine(copy, "wwwroot", n.ToString(CultureInfo.InvariantCulture)), "x");
        Directory.CreateDirectory(Path.Combine(copy, "cache", "inner"));
        File.WriteAllText(Path.Combine(copy, "cache", "inner", "one"), "x");
        Directory.CreateDirectory(Path.Combine(copy, "empty"));
        File.CreateSymbolicLink(Path.Combine(copy, "link"), "/");
        Assert.Equal("cache/ (1 file), link, wwwroot/0, wwwroot/1, wwwroot/2 and 4 more", WorkingCopyChanges.Describe(copy, original));
        Assert.Null(WorkingCopyChanges.Describe(copy, Path.Combine(folders.Home.Folder, "gone")));
    }

    [Fact]
    public async Task That_cannot_be_deleted_do_not_keep_a_promotion_or_the_deletion_of_the_app_from_ending()
    {
        using var theirs = new SmallDisk(64);
        var first = await _world.Release(RolloutOutcome.Succeeds, "web");
        await _world.Run(first);
        var second = await _world.Release(RolloutOutcome.Succeeds, "web");
        // An empty folder isn't reported, so the copy goes at once; a mount point can't be deleted, not even by root.
        var stays = Path.Combine(Work, first.Release.Id.ToString(), "web", "mounted");
        Directory.CreateDirectory(stays);
        Assert.True(SmallDisk.Bind(theirs.Path, stays));

        Assert.Equal(ObservedState.Complete, Assert.Single(await _world.Run(second)).State);
        await _world.Delete();

        var left = Assert.Single(Directory.GetDirectories(Work));
        Assert.True(TemporaryFolders.IsTemporary(left));
        SmallDisk.Unbind(Path.Combine(left, "web", "mounted"));
        await _world.Delete();
        Assert.Empty(Directory.GetDirectories(Work));
    }

    [Fact]
    public void In_folders_of_another_user_and_read_only_ones_are_deleted_as_far_as_possible_and_count_as_none()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        using var folders = new TemporaryHome();
        var (copy, original) = (Path.Combine(folders.Home.Folder, "copy"), Path.Combine(folders.Home.Folder, "original"));
        foreach (var folder in (string[])[copy, original]) Directory.CreateDirectory(Path.Combine(folder, "secret", "inner"));
        // Root reads and deletes it anyway.
        File.SetUnixFileMode(Path.Combine(copy, "secret"), UnixFileMode.None);
        Assert.Null(WorkingCopyChanges.Describe(copy, original));
        TemporaryFolders.TryDelete(copy);
        Assert.False(Directory.Exists(copy));
    }

    private async Task Write(string path)
    {
        using var content = new StringContent(Path.GetFileName(path));
        using var written = await _client.PostAsync(new Uri(_world.Address("web"), "files/" + path), content, Cancel);
        Assert.True(written.IsSuccessStatusCode);
    }

    private async Task<List<LogLine>> Log()
    {
        var lines = new List<LogLine>();
        await foreach (var line in LogReader.Read(_world.Home, new(A.App, []), TimeProvider.System, Cancel)) lines.Add(line);
        return lines;
    }
}
