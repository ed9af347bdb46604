using System.Diagnostics;
using System.Text;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>What goes into the store comes out of it: bytes, modes, links, names.</summary>
public sealed class RoundTripTests : ArtifactTest
{
    private static readonly string[] Names =
        ["a", "A", "readme.TXT", "README.txt", "Größe ☕", "with space", "-rf", ".hidden", "quote'\"`$x", "two\nlines", "tab\there",
            "back\\slash", "e\u0301", "é", new('n', 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_folder_of_any_shape_comes_back_as_it_was(int seed)
    {
        var random = new Random(seed);
        Fill(random, Published, Published, depth: 0);
        var artifact = await Store();
        var copy = Path.Combine(Temporary, "copy");
        await Artifacts.Materialize(artifact, copy, cancel: Cancel);
        Assert.Equal(Shape(Published, writable: false), Shape(copy, writable: false));
        Assert.All(Shape(copy, writable: true), line => Assert.DoesNotContain("read-only", line, StringComparison.Ordinal));
        Assert.Equal(artifact.Digest, (await Store()).Digest);
        Assert.Null(await Artifacts.Verify(artifact, Cancel));
        IsSound();
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(20261129, 12)];

    [Fact]
    public async Task A_path_of_three_thousand_characters_comes_back_and_one_that_the_home_makes_too_long_is_refused()
    {
        var deep = string.Join('/', Enumerable.Repeat(new string('d', 199), 15));
        Write($"{deep}/file", "deep");
        var artifact = await Store();
        var copy = Path.Combine(Temporary, "copy");
        await Artifacts.Materialize(artifact, copy, cancel: Cancel);
        Assert.Equal("deep", await File.ReadAllTextAsync(Path.Combine(copy, deep, "file"), Cancel));

        var far = new LocalHome(Path.Combine(Home.Folder, string.Join('/', Enumerable.Repeat(new string('h', 199), 6))));
        var thrown = await Assert.ThrowsAsync<ProblemException>(() => new LocalArtifactStore(far, Time).Store(Published, "Hello", Cancel));
        Assert.Contains("has a path that is too long in the rack's home", thrown.Problems[0].Text, StringComparison.Ordinal);
        Assert.Empty(StoreChecker.Artifacts(far));
    }

    [Fact]
    public async Task A_pipe_is_refused_and_not_read_for_ever()
    {
        await Make("mkfifo", Path.Combine(Published, "wwwroot", "pipe"));
        Assert.Equal(
            "the publish output has 'wwwroot/pipe', which is neither a file nor a folder, so it isn't complete. Nothing was stored.",
            await Refused());
    }

    [Theory]
    [InlineData("touch \"$0/$(printf 'caf\\351.txt')\"", "wwwroot/caf\uFFFD.txt")]
    [InlineData("mkdir \"$0/$(printf 'caf\\351')\"", "wwwroot/caf\uFFFD/")]
    public async Task A_name_that_is_not_UTF_8_is_refused(string command, string path)
    {
        await Make("sh", "-c", command, Path.Combine(Published, "wwwroot"));
        Assert.Equal(
            $"the publish output has a file '{path}' that was removed meanwhile, or whose name isn't UTF-8, so it isn't complete. Nothing was stored.", await Refused());
        // .NET can't remove what it can't name.
        await Make("rm", "-r", Path.Combine(Published, "wwwroot"));
    }

    [Theory]
    [InlineData("wwwroot/secret", "wwwroot/secret")]
    [InlineData("wwwroot", "wwwroot/")]
    public async Task What_the_user_cannot_read_is_named(string unreadable, string named)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can run a process as another user.");
        Write("wwwroot/secret", "x");
        await Make("chmod", "000", Path.Combine(Published, unreadable));
        await Make("chmod", "a+rx", Temporary);
        var home = Path.Combine(Temporary, "home");
        Directory.CreateDirectory(home);
        await Make("chmod", "777", home);
        var start = new ProcessStartInfo(
            "setpriv", ["--reuid=65534", "--clear-groups", "dotnet", Path.Combine(AppContext.BaseDirectory, "Releases.Testing.Worker.dll"),
                "files", "store", Path.Combine(home, "convox"), Published])
        {
            RedirectStandardOutput = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.StartsWith($"the publish output has a file '{named}' that this user can't read, so it isn't complete. Nothing was stored.",
            output, StringComparison.Ordinal);
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public async Task A_file_that_is_written_all_the_time_is_stored_as_it_was_at_one_moment()
    {
        var file = Write("Hello.dll", "");
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++) File.WriteAllText(file, new string((char)('a' + (n % 26)), 200_000));
        }, Cancel);
        var stored = new List<Artifact>();
        for (var n = 0; n < 20; n++) stored.Add(await Store());
        await stop.CancelAsync();
        await writing;

        foreach (var artifact in stored) Assert.Null(await Artifacts.Verify(artifact, Cancel));
        Assert.All(stored, a => Assert.Equal(new FileInfo(Stored(a, "Hello.dll")).Length + "hello".Length, a.Bytes));
        var last = await Store();
        Assert.Equal(await File.ReadAllBytesAsync(file, Cancel), await File.ReadAllBytesAsync(Stored(last, "Hello.dll"), Cancel));
        IsSound();
    }

    private async Task<string> Refused()
    {
        var thrown = await Assert.ThrowsAsync<ProblemException>(Store);
        Assert.Equal(ProblemCode.NoPublishOutput, thrown.Problems[0].Code);
        Assert.Empty(StoreChecker.Artifacts(Home));
        return thrown.Problems[0].Text;
    }

    private static async Task Make(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync(Cancel);
        Assert.Equal(0, process.ExitCode);
    }

    internal static void Fill(Random random, string published, string folder, int depth)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in Names.Where(_ => random.Next(3) == 0))
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path) || Directory.Exists(path)) continue;
            switch (random.Next(6))
            {
                case 0 when depth < 4:
                    Fill(random, published, path, depth + 1);
                    break;
                case 1:
                    Directory.CreateDirectory(path);
                    break;
                case 2:
                    File.CreateSymbolicLink(path,
                        random.Next(2) == 0 ? "nowhere\nyet" : Path.GetRelativePath(folder, Path.Combine(published, "Hello.dll")));
                    break;
                default:
                    File.WriteAllBytes(path,
                        Encoding.UTF8.GetBytes(new string((char)('a' + random.Next(3)), random.Next(4) == 0 ? 0 : random.Next(300_000))));
                    if (!OperatingSystem.IsWindows() && random.Next(2) == 0) File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
                    break;
            }
        }
    }

    /// <summary>A line for each entry: its kind, path, content and target.</summary>
    internal static List<string> Shape(string root, bool writable) =>
        [.. new DirectoryInfo(root)
            .EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(e => Line(root, e, writable)).Order(StringComparer.Ordinal)];

    private static string Line(string root, FileSystemInfo entry, bool writable)
    {
        var path = Path.GetRelativePath(root, entry.FullName);
        if (entry.LinkTarget is { } target) return $"{path} -> {target}";
        if (entry is DirectoryInfo) return $"{path}/";
        if (writable) return (FileStat.Of(entry.FullName)!.Value.Permissions & UnixFileMode.UserWrite) == 0 ? $"{path} read-only" : path;
        var executable = (FileStat.Of(entry.FullName)!.Value.Permissions & UnixFileMode.UserExecute) != 0;
        return $"{path} {executable} {Convert.ToBase64String(File.ReadAllBytes(entry.FullName))}";
    }
}
