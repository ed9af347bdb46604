using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>
/// A home that version 0.1.0 wrote: the app <c>shop</c> with three publishes and a change of its environment, v2 active, its working copy
/// beside it, and artifacts that have no file in common.
/// </summary>
public sealed class KeptHomeTests : IAsyncLifetime
{
    private static readonly AppName Shop = AppName.Parse("shop");

    private readonly TemporaryHome _temporary = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LocalHome Home => _temporary.Home;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The local rack runs on Linux.");
        Directory.CreateDirectory(Home.Folder);
        var kept = Path.Combine(Repository.Root, "tests", "Releases.Local.Tests", "Storage", "Kept", "home-0.1.0.tar.gz");
        await using var unzipped = new GZipStream(File.OpenRead(kept), CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, Home.Folder, overwriteFiles: false, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Tool("rack", "stop");
        _temporary.Dispose();
    }

    [Fact]
    public async Task Is_read_and_every_release_of_it_is_whole()
    {
        await using var rack = LocalRack.Open(Home, "local", TimeProvider.System);
        var releases = await rack.Store.ListReleases(Shop, 10, cancel: Cancel);
        Assert.Equal([4, 3, 2, 1], releases.Select(r => r.Number));
        Assert.Equal(releases[2].Id, (await rack.Store.RequireApp(Shop, Cancel)).Active);
        foreach (var release in releases)
            Assert.Null(await rack.Artifacts.Verify(Assert.Single(release.Services.Values).Artifact!, Cancel));
        Assert.Empty(StoreChecker.Faults(Home));
        Assert.Empty(StoreChecker.Files(Home));
    }

    [Fact]
    public async Task Is_converted_where_it_is_used_and_takes_less_space_then()
    {
        var artifacts = new LocalArtifactStore(Home, TimeProvider.System) { Converts = true };
        await using var store = SqliteReleaseStore.Open(Home);
        var digests = (await store.ListReleases(Shop, 10, cancel: Cancel)).Select(r => r.Services.Values.Single().Artifact!)
            .DistinctBy(a => a.Digest).ToList();
        Assert.Equal(3, digests.Count);
        Assert.Equal(3 * 7 + 1, Inodes().Count());
        foreach (var (artifact, n) in digests.Select((a, n) => (a, n)))
        {
            await artifacts.Materialize(artifact, Path.Combine(Home.Folder, $"copy{n}"), cancel: Cancel);
            Assert.Null(await artifacts.Verify(artifact, Cancel));
            Assert.Empty(StoreChecker.Faults(Home));
            Assert.NotNull(ArtifactManifest.Read(Home.ArtifactOf(artifact.Digest)));
        }

        // Three programs, the settings, the shared file, the script, the odd name, the file that is twice in each, the one of v2 alone.
        Assert.Equal(9, Inodes().Count());
        Assert.Equal(9, StoreChecker.Files(Home).Count);
        Assert.Empty(StoreChecker.Unnamed(Home));
        // Its working copy was made by the older version, of files with times of their own: nothing was written to it.
        var active = (await store.RequireApp(Shop, Cancel)).Active!.Value;
        var copy = Path.Combine(Home.Work, "shop", active.ToString(), "worker");
        Assert.Null(WorkingCopyChanges.Describe(copy, artifacts.FilesOf(CopyOrigin.Of(copy)!)));
        await File.AppendAllTextAsync(Path.Combine(copy, "Shop.settings.json"), "changed", Cancel);
        Assert.Equal("Shop.settings.json", WorkingCopyChanges.Describe(copy, artifacts.FilesOf(CopyOrigin.Of(copy)!)));
    }

    [Fact]
    public async Task Runs_what_was_active_promotes_what_is_there_and_frees_everything_when_the_app_is_deleted()
    {
        Assert.Equal(0, await Tool("rack", "start"));
        await Logged("hello from version 2");
        Assert.Equal(0, await Tool("promote", "v4", "-a", "shop"));
        await Logged("kept from version 3");
        Assert.Equal(0, await Tool("promote", "v1", "-a", "shop"));
        await Logged("hello from version 1");
        Assert.Empty(StoreChecker.Faults(Home));
        Assert.NotEmpty(StoreChecker.Files(Home));
        Assert.Equal(0, await Tool("apps", "delete", "shop", "--yes"));
        Assert.Empty(StoreChecker.Artifacts(Home));
        Assert.Empty(StoreChecker.Files(Home));
    }

    [Fact]
    public async Task Is_backed_up_while_it_runs_and_what_is_restored_of_it_runs_and_promotes()
    {
        Assert.Equal(0, await Tool("rack", "start"));
        await Logged("hello from version 2");
        var backup = Path.Combine(Path.GetDirectoryName(Home.Folder)!, "convox.backup");
        Assert.Equal(0, await Tool("rack", "backup", backup, "--with-key"));
        Assert.Equal(1, await Tool("rack", "restore", backup, "--replace"));
        Assert.Equal(0, await Tool("rack", "stop"));
        Directory.Move(Home.Folder, Home.Folder + "-lost");
        Assert.Equal(0, await Tool("rack", "restore", backup));
        Assert.Equal(0, await Tool("rack", "start"));
        await Logged("hello from version 2");
        Assert.Equal(0, await Tool("promote", "v4", "-a", "shop"));
        await Logged("kept from version 3");
        Assert.Empty(StoreChecker.Faults(Home));
    }

    private IEnumerable<ulong> Inodes() => StoreChecker.Artifacts(Home)
        .SelectMany(a => new DirectoryInfo(Path.Combine(a, "files")).EnumerateFiles("*", SearchOption.AllDirectories))
        .Where(f => f.LinkTarget is null).Select(f => FileStat.Of(f.FullName)!.Value.Inode).Distinct();

    private Task Logged(string line) => Patience.Until(() =>
    {
        var log = Path.Combine(Home.Logs, "shop", "worker.log");
        return File.Exists(log) && File.ReadAllText(log).Contains(line, StringComparison.Ordinal);
    });

    private async Task<int> Tool(params string[] arguments)
    {
        var start = new ProcessStartInfo(BuiltTool.Command.Program, [.. BuiltTool.Command.Arguments, .. arguments])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CONVOX_HOME"] = Home.Folder;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(CancellationToken.None);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', arguments) + "\n" + await output + await error);
        return process.ExitCode;
    }
}
