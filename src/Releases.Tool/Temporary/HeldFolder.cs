namespace Releases.Tool;

/// <summary>
/// A temporary folder that only its user can open. It is gone when it is disposed; what a program that was killed left is removed
/// by the next one that asks for it.
/// </summary>
internal sealed class HeldFolder : IDisposable
{
    /// <summary>Of folders in memory, for text that must not touch a disk.</summary>
    public const string Edit = "convox-edit-";

    /// <summary>Of folders through which the tool and MSBuild speak.</summary>
    public const string Build = "convox-build-";

    private const string LockName = ".lock";

    private readonly FileStream _lock;

    private HeldFolder(string path)
    {
        Path = path;
        _lock = new(System.IO.Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    public string Path { get; }

    /// <summary>Makes one below a folder.</summary>
    public static HeldFolder Make(string parent, string prefix)
    {
        var path = System.IO.Path.Combine(parent, prefix + Guid.NewGuid().ToString("N"));
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(path);
    }

    /// <summary>Where the system keeps files in memory; the last is on a disk, for systems without.</summary>
    public static IEnumerable<string> Memory(Func<string, string?> variable)
    {
        if (variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime) yield return runtime;
        yield return "/dev/shm";
        yield return System.IO.Path.GetTempPath();
    }

    /// <summary>Removes what programs that are gone have left.</summary>
    public static void Sweep(IEnumerable<string> parents, string prefix)
    {
        foreach (var left in parents.Where(Directory.Exists).SelectMany(p => Directory.EnumerateDirectories(p, prefix + "*")))
        {
            try
            {
                using (new FileStream(System.IO.Path.Combine(left, LockName), FileMode.Open, FileAccess.Write, FileShare.None)) Directory.Delete(left, recursive: true);
            }
            catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
            {
                // Another user's, or in use at this moment.
            }
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
