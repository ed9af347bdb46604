namespace Releases.Local;

/// <summary>Folders that are filled under a temporary name and then renamed, and what killed processes left of them.</summary>
internal sealed class TemporaryFolders(TimeProvider time)
{
    private const string Prefix = ".making-";

    /// <summary>Nobody takes longer than this to fill a folder.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    /// <summary>A new one, on the file system of its parent.</summary>
    public static TemporaryFolder Create(string parent)
    {
        var path = Path.Combine(parent, Prefix + Guid.NewGuid().ToString("N"));
        HomeFolder.CreatePrivate(path);
        return new(path);
    }

    /// <summary>Whether a folder has no name of its own yet, or no longer.</summary>
    public static bool IsTemporary(string folder) => Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Removes what was left behind in a parent.</summary>
    public void Sweep(string parent)
    {
        foreach (var left in Directory.EnumerateDirectories(parent, Prefix + "*"))
            if (time.GetUtcNow() - Directory.GetLastWriteTimeUtc(left) > MaxAge) Delete(left);
    }

    /// <summary>Makes a folder and those in it read-only; their files are so already.</summary>
    public static void MakeReadOnly(string folder) => SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

    /// <summary>Removes a folder, a read-only one too. It is renamed first, so that no process finds half of it.</summary>
    public static void Delete(string folder)
    {
        if (TakeAway(folder) is { } doomed) Remove(doomed);
    }

    /// <summary>Gives a folder a temporary name, which takes no time whatever is in it; null: another process did.</summary>
    public static string? TakeAway(string folder)
    {
        var doomed = Path.Combine(Path.GetDirectoryName(folder)!, Prefix + Guid.NewGuid().ToString("N"));
        try
        {
            Directory.Move(folder, doomed);
            return doomed;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a folder that was taken away; another process may sweep it at the same moment.</summary>
    public static void Remove(string doomed)
    {
        try
        {
            RemoveAll(doomed);
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            // Whatever is left of it is swept.
        }
    }

    private static void RemoveAll(string doomed)
    {
        SetMode(doomed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (OperatingSystem.IsWindows())
            foreach (var file in Directory.EnumerateFiles(doomed, "*", SearchOption.AllDirectories))
                File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(doomed, recursive: true);
    }

    private static void SetMode(string folder, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        // Not through links: what they point to is not ours. Innermost last when opening, but first when closing.
        var opening = (mode & UnixFileMode.UserWrite) != 0;
        if (opening) File.SetUnixFileMode(folder, mode);
        foreach (var inner in new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.LinkTarget is null))
            SetMode(inner.FullName, mode);
        if (!opening) File.SetUnixFileMode(folder, mode);
    }
}

/// <summary>A folder that is being filled; disposed before it was kept, it is removed.</summary>
internal sealed class TemporaryFolder(string path) : IDisposable
{
    private bool _kept;

    public string Path => path;

    /// <summary>Gives it its name. Where another process was first, that one's stays and this one is removed.</summary>
    public void MoveTo(string name)
    {
        try
        {
            Directory.Move(path, name);
            _kept = true;
        }
        catch (IOException) when (Directory.Exists(name))
        {
            // The name says what is in it, so the other one is the same.
        }
    }

    public void Dispose()
    {
        if (!_kept) TemporaryFolders.Delete(path);
    }
}
