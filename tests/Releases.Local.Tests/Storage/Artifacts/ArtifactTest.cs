using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>A home, a publish folder of <c>Hello</c> to store in it, and the store.</summary>
public abstract class ArtifactTest : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("publish-");

    protected ArtifactTest()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Files are shared on Linux.");
        Artifacts = new(_home.Home, Time);
        Write("Hello.dll", "assembly");
        Write("wwwroot/index.html", "hello");
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected LocalHome Home => _home.Home;

    private protected LocalArtifactStore Artifacts { get; init; }

    private protected FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    protected string Temporary => _temporary.FullName;

    protected string Published => Path.Combine(Temporary, "out");

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _home.Dispose();
        _temporary.Delete(recursive: true);
    }

    protected string Write(string path, string content, bool executable = false)
    {
        var file = Path.Combine(Published, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    protected Task<Artifact> Store() => Artifacts.Store(Published, "Hello", Cancel);

    /// <summary>The file of an artifact, in the store.</summary>
    protected string Stored(Artifact artifact, string path) => Path.Combine(Artifacts.FilesOf(artifact.Digest), path);

    protected static ulong Inode(string file) => FileStat.Of(file)!.Value.Inode;

    /// <summary>Changes a stored file as nobody should, and leaves the mode as it was.</summary>
    protected static void Tamper(string file, Action<string> change)
    {
        if (OperatingSystem.IsWindows()) return;
        var mode = File.GetUnixFileMode(file);
        File.SetUnixFileMode(file, mode | UnixFileMode.UserWrite);
        change(file);
        File.SetUnixFileMode(file, mode);
    }

    /// <summary>Another process that does something with the stored files of the home, killed at its n-th write if that is given.</summary>
    private protected static Task<(int Exit, string Out)> Process(int failPoint, params string[] arguments) =>
        Process(new Dictionary<string, string> { ["CONVOX_FAILPOINT_FILES"] = $"{failPoint}" }, arguments);

    /// <summary>The same with these variables.</summary>
    private protected static async Task<(int Exit, string Out)> Process(Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Releases.Testing.Worker.dll"), "files", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, output.TrimEnd());
    }

    private protected void IsSound()
    {
        Assert.Empty(StoreChecker.Faults(Home));
        Assert.Equal(StoreChecker.Unnamed(Home).Order(StringComparer.Ordinal),
            new StoredFiles(Home).Unnamed().Select(f => f.FullName).Order(StringComparer.Ordinal));
    }
}
