using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>A release runs what was published, also in a folder that is still there from the last time.</summary>
public sealed class WhatAPromotionFindsInItsFolder : IAsyncLifetime
{
    private const string Migrating =
        "  web:\n    port: 8080\n    health: /health\n    release: \"printf migrated > SampleApp.xml\"\n";

    private LocalEngineWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LocalEngineWorld.Make();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Changed_and_missing_files_are_put_back_what_was_there_is_kept_and_other_files_stay()
    {
        var first = await Left(await _world.Release(RolloutOutcome.Succeeds, "web"));
        var folder = FolderOf(first);
        await File.WriteAllTextAsync(Path.Combine(folder, "SampleApp.dll"), "other code", Cancel);
        File.Delete(Path.Combine(folder, "SampleApp.deps.json"));

        var again = Again(first);
        var warning = Assert.Single(Assert.Single(await _world.Run(again)).Warnings);
        Assert.Equal(
            $"web started with SampleApp.deps.json, SampleApp.dll as published: they were changed or missing in the folder of "
                + $"{first.Release.Id}. What was there is in {Aside(again)}", warning);
        Assert.Equal(first.Release.Id, await _world.Serves("web"));
        Assert.Equal("other code", await File.ReadAllTextAsync(Path.Combine(Aside(again), "SampleApp.dll"), Cancel));
        Assert.Equal("app.db", await File.ReadAllTextAsync(Path.Combine(folder, "app.db"), Cancel));

        // What was there is kept as long as files that processes left.
        File.Delete(Path.Combine(folder, "app.db"));
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web"));
        Assert.True(File.Exists(Path.Combine(Aside(again), "SampleApp.dll")));
    }

    [Fact]
    public async Task Nothing_is_changed_under_running_processes_but_the_promotion_warns()
    {
        var first = await _world.Release(RolloutOutcome.Succeeds, "web");
        await _world.Run(first);
        var file = Path.Combine(FolderOf(first), "SampleApp.xml");
        await File.WriteAllTextAsync(file, "changed", Cancel);

        var warning = Assert.Single(Assert.Single(await _world.Run(Again(first))).Warnings);
        Assert.StartsWith($"web started with SampleApp.xml changed or missing in the folder of {first.Release.Id}", warning,
            StringComparison.Ordinal);
        Assert.Equal("changed", await File.ReadAllTextAsync(file, Cancel));
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(FolderOf(first))!, "*.changed*"));
    }

    [Fact]
    public async Task A_daemon_that_dies_between_moving_a_file_and_putting_it_back_leaves_both_to_its_successor()
    {
        var first = await Left(await _world.Release(RolloutOutcome.Succeeds, "web"));
        var again = Again(first);
        Directory.CreateDirectory(Aside(again));
        File.Move(Path.Combine(FolderOf(first), "SampleApp.dll"), Path.Combine(Aside(again), "SampleApp.dll"));

        var warning = Assert.Single(Assert.Single(await _world.Run(again)).Warnings);
        Assert.EndsWith($"What was there is in {Aside(again)}", warning, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Aside(again), "SampleApp.dll")));
        Assert.Equal(first.Release.Id, await _world.Serves("web"));
    }

    [Fact]
    public async Task What_the_release_command_of_the_same_promotion_wrote_stays_also_for_a_successor()
    {
        var first = await Left(await _world.Release(Migrating, [], "web"));
        var file = Path.Combine(FolderOf(first), "SampleApp.xml");
        await File.WriteAllTextAsync(file, "changed", Cancel);
        var again = Again(first);
        var service = new ServiceRollout(again, again.Services[0], new MemoryJournal());

        Assert.Equal(0, (await _world.Engine.RunRelease(service, Cancel)).ExitCode);
        Assert.Equal("changed", await File.ReadAllTextAsync(Path.Combine(Aside(again), "SampleApp.xml"), Cancel));
        await _world.Engine.Start(service, Cancel);
        Assert.Equal("migrated", await File.ReadAllTextAsync(file, Cancel));

        await _world.Die(null);
        await _world.Engine.Start(service, Cancel);
        Assert.Equal("migrated", await File.ReadAllTextAsync(file, Cancel));
        Assert.Single(Directory.GetFiles(Aside(again)));
    }

    [Fact]
    public void Links_and_folders_in_the_place_of_files_are_moved_and_nothing_outside_is_touched()
    {
        using var home = new TemporaryHome();
        string In(params string[] path) => Path.Combine([home.Home.Folder, .. path]);
        Directory.CreateDirectory(In("original", "wwwroot", "css"));
        Directory.CreateDirectory(In("original", "empty"));
        foreach (var file in (string[])["a.txt", "tool", "wwwroot/x.js", "wwwroot/css/y.css"])
            File.WriteAllText(In("original", file), file);
        File.CreateSymbolicLink(In("original", "link"), "a.txt");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In("original", "tool"), PublishEntry.Mode(executable: true, writable: true));
        var original = PublishFolder.Read(In("original")).Hashed(null, Cancel);
        FolderCopy.Make(
            original, Directory.CreateDirectory(In("copy")).FullName,
            (entry, to) => FolderCopy.Copy(entry, original.Full(entry), to, writable: true, Cancel), Cancel);
        var repair = new CopyRepair(original, In("copy"));
        File.WriteAllText(In("copy", "upload"), "theirs");
        Assert.Empty(repair.Differences(Cancel));

        Directory.Move(In("copy", "wwwroot"), In("outside"));
        File.CreateSymbolicLink(In("copy", "wwwroot"), In("outside"));
        File.Delete(In("copy", "a.txt"));
        Directory.CreateDirectory(In("copy", "a.txt", "inner"));
        File.Delete(In("copy", "link"));
        File.CreateSymbolicLink(In("copy", "link"), "/etc/passwd");
        Directory.Delete(In("copy", "empty"));
        File.WriteAllText(In("copy", "empty"), "was a folder");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In("copy", "tool"), PublishEntry.Mode(executable: false, writable: true));
        var differing = repair.Differences(Cancel);
        Assert.Equal(original.Entries.Select(e => e.Path), differing.Select(e => e.Path));
        Assert.True(repair.TryPutBack(differing, Directory.CreateDirectory(In("fresh")).FullName, In("aside"), Cancel));

        Assert.Empty(repair.Differences(Cancel));
        File.Delete(In("copy", "upload"));
        Assert.Equal(original.Digest(), PublishFolder.Read(In("copy")).Hashed(null, Cancel).Digest());
        Assert.Equal(["css", "x.js"], Directory.GetFileSystemEntries(In("outside")).Select(p => Path.GetFileName(p)).Order());
        Assert.Equal("/etc/passwd", new FileInfo(In("aside", "link")).LinkTarget);
        Assert.True(Directory.Exists(In("aside", "a.txt", "inner")));
        Assert.Equal("was a folder", File.ReadAllText(In("aside", "empty")));
    }

    /// <summary>A release that no longer runs, and whose folder is kept because a process left a file in it.</summary>
    private async Task<Rollout> Left(Rollout first)
    {
        await _world.Run(first);
        await File.WriteAllTextAsync(Path.Combine(FolderOf(first), "app.db"), "app.db", Cancel);
        await _world.Run(await _world.Release(RolloutOutcome.Succeeds, "web"));
        return first;
    }

    private static Rollout Again(Rollout first) => first with { Promotion = PromotionId.New() };

    private string Aside(Rollout again) => $"{FolderOf(again)}.changed-{again.Promotion}";

    private string FolderOf(Rollout rollout) =>
        Path.Combine(_world.Home.Work, A.App.ToString(), rollout.Release.Id.ToString(), "web");
}
