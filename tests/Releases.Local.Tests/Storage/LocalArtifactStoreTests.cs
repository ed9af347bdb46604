using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

public sealed class LocalArtifactStoreTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("publish-");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LocalArtifactStore _artifacts;

    public LocalArtifactStoreTests()
    {
        _artifacts = new(_home.Home, _time);
        Write("Hello.dll", "assembly");
        Write("wwwroot/index.html", "hello");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Published => _temporary.FullName;

    public void Dispose()
    {
        _home.Dispose();
        _temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task The_hash_stays_the_same_for_ever()
    {
        var artifact = await _artifacts.Store(Published, "Hello", Cancel);
        Assert.Equal("sha256:10ff696f29ecf77cd192b1e9d5773d68e7d1e415c69f726a45e44520c2652119", artifact.Digest);
        Assert.Equal(13, artifact.Bytes);
    }

    [Fact]
    public async Task An_empty_folder_that_the_app_writes_to_is_content_and_is_there_when_it_starts()
    {
        var without = await _artifacts.Store(Published, "Hello", Cancel);
        Directory.CreateDirectory(Path.Combine(Published, "data", "uploads"));
        var artifact = await _artifacts.Store(Published, "Hello", Cancel);
        Assert.NotEqual(without.Digest, artifact.Digest);
        Assert.Equal(without.Bytes, artifact.Bytes);

        var copy = Path.Combine(_home.Home.Folder, "copy");
        await _artifacts.Materialize(artifact, copy, cancel: Cancel);
        File.WriteAllText(Path.Combine(copy, "data", "uploads", "picture"), "written by the app");
        Assert.Null(await _artifacts.Verify(artifact, Cancel));
    }

    [Fact]
    public async Task An_image_is_refused_with_a_sentence()
    {
        var refused = await _artifacts.Verify(Artifact.ImageOf("redis:7"), Cancel);
        Assert.Equal("redis:7 is an image; the local rack runs published projects only.", refused!.Message);
    }

    [Fact]
    public async Task What_is_stored_is_read_only_and_described_beside_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        Write("tool", "#!/bin/sh");
        File.SetUnixFileMode(Path.Combine(Published, "tool"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var artifact = await _artifacts.Store(Published, "Hello", Cancel);

        Assert.Equal("444", Mode("files/Hello.dll"));
        Assert.Equal("555", Mode("files/tool"));
        Assert.Equal("555", Mode("files/wwwroot"));
        Assert.Equal("555", Mode("files"));
        var described = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(Stored(), "artifact.json")), StoreJson.Default.Artifact);
        Assert.Equal(artifact.Digest, described!.Digest);

        string Mode(string path)
        {
            return OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(Path.Combine(Stored(), path)), 8);
        }
    }

    [Fact]
    public async Task A_bit_of_a_mode_a_name_and_a_link_count_as_content()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        var digests = new List<string> { await Digest() };
        File.SetUnixFileMode(Path.Combine(Published, "Hello.dll"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        digests.Add(await Digest());
        File.Move(Path.Combine(Published, "wwwroot", "index.html"), Path.Combine(Published, "wwwroot", "home.html"));
        digests.Add(await Digest());
        File.CreateSymbolicLink(Path.Combine(Published, "link"), "wwwroot/home.html");
        digests.Add(await Digest());
        Assert.Equal(4, digests.Distinct().Count());
        Assert.Equal("wwwroot/home.html",
            Directory.GetFiles(_home.Home.Artifacts, "link", SearchOption.AllDirectories).Select(f => new FileInfo(f).LinkTarget).Single());
    }

    [Theory]
    [InlineData("/etc/hostname")]
    [InlineData("../elsewhere")]
    [InlineData("wwwroot/../../elsewhere")]
    public async Task A_link_that_leaves_the_folder_is_refused(string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(Path.Combine(Published, "link"), target);
        var thrown = await Assert.ThrowsAsync<ProblemException>(Digest);
        Assert.Equal(ProblemCode.NoPublishOutput, thrown.Problems[0].Code);
        Assert.False(Directory.Exists(_home.Home.Artifacts));
    }

    [Fact]
    public async Task Of_many_who_store_the_same_at_once_all_succeed_and_one_copy_stays()
    {
        var stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Digest, Cancel)));
        Assert.Single(stored.Distinct());
        Assert.Single(Directory.GetFileSystemEntries(_home.Home.Artifacts));
    }

    [Fact]
    public async Task A_changed_or_missing_file_is_noticed_and_publishing_again_makes_it_whole()
    {
        var artifact = await _artifacts.Store(Published, "Hello", Cancel);
        var file = Path.Combine(Stored(), "files", "Hello.dll");
        if (OperatingSystem.IsWindows()) File.SetAttributes(file, FileAttributes.Normal);
        else File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.AppendAllTextAsync(file, "!", Cancel);

        var problem = await _artifacts.Verify(artifact, Cancel);
        Assert.Equal(ProblemCode.DamagedArtifact, problem?.Code);
        Assert.Contains("was changed", problem!.Message, StringComparison.Ordinal);

        await _artifacts.Store(Published, "Hello", Cancel);
        Assert.Null(await _artifacts.Verify(artifact, Cancel));
        Assert.Single(Directory.GetFileSystemEntries(_home.Home.Artifacts));
    }

    [Fact]
    public async Task A_working_copy_can_be_written_to_without_touching_what_is_stored()
    {
        var artifact = await _artifacts.Store(Published, "Hello", Cancel);
        var copy = Path.Combine(_home.Home.Work, "hello", "R", "web");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _artifacts.Materialize(artifact, copy, cancel: Cancel)));

        await File.WriteAllTextAsync(Path.Combine(copy, "Hello.dll"), "changed", Cancel);
        await File.WriteAllTextAsync(Path.Combine(copy, "wwwroot", "new"), "new", Cancel);
        await _artifacts.Materialize(artifact, copy, cancel: Cancel);

        Assert.Equal("changed", await File.ReadAllTextAsync(Path.Combine(copy, "Hello.dll"), Cancel));
        Assert.Null(await _artifacts.Verify(artifact, Cancel));
        Assert.Equal([copy], Directory.GetDirectories(Path.GetDirectoryName(copy)!));
    }

    [Fact]
    public async Task What_a_killed_writer_left_behind_is_swept_when_it_is_old_and_not_before()
    {
        await Digest();
        Directory.CreateDirectory(Path.Combine(_home.Home.Artifacts, ".making-left"));
        await Digest();
        Assert.Equal(2, Directory.GetDirectories(_home.Home.Artifacts).Length);
        _time.Advance(TimeSpan.FromDays(2));
        await Digest();
        Assert.Single(Directory.GetDirectories(_home.Home.Artifacts));
    }

    [Fact]
    public async Task A_full_disk_is_said_and_nothing_is_left_behind()
    {
        using var disk = new SmallDisk(1024);
        Write("large", new('x', 2_000_000));
        var home = new LocalHome(Path.Combine(disk.Path, "convox"));
        var thrown = await Assert.ThrowsAsync<ProblemException>(() =>
            new LocalArtifactStore(home, _time).Store(Published, "Hello", Cancel));
        Assert.Equal(ProblemCode.DiskFull, thrown.Problems[0].Code);
        Assert.Empty(Directory.GetFileSystemEntries(home.Artifacts));
    }

    private async Task<string> Digest() => (await _artifacts.Store(Published, "Hello", Cancel)).Digest;

    private string Stored() => Assert.Single(Directory.GetDirectories(_home.Home.Artifacts));

    private void Write(string path, string content)
    {
        var file = Path.Combine(Published, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
