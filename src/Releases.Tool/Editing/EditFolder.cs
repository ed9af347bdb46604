namespace Releases.Tool;

/// <summary>
/// A folder in memory that only its user can open, for text that must not touch a disk. It is gone when it is disposed; those of a
/// program that was killed are removed when the tool is started the next time.
/// </summary>
internal sealed class EditFolder : IDisposable
{
    private const string Prefix = "convox-edit-";
    private const string LockName = ".lock";

    private readonly FileStream _lock;

    private EditFolder(string path)
    {
        Path = path;
        _lock = new(System.IO.Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    public string Path { get; }

    /// <summary>Makes one below the first of these folders that there is.</summary>
    public static EditFolder Make(IEnumerable<string> memory)
    {
        var path = System.IO.Path.Combine(memory.First(Directory.Exists), Prefix + Guid.NewGuid().ToString("N"));
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
    public static void Sweep(IEnumerable<string> memory)
    {
        foreach (var left in memory.Where(Directory.Exists).SelectMany(m => Directory.EnumerateDirectories(m, Prefix + "*")))
        {
            try
            {
                using (new FileStream(System.IO.Path.Combine(left, LockName), FileMode.Open, FileAccess.Write, FileShare.None)) Directory.Delete(left, recursive: true);
            }
            catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
            {
                // Another user's, or somebody edits in it at this moment.
            }
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
