namespace Releases.Local;

/// <summary>Manages folders that are filled under a temporary name and then renamed, and removes those of killed processes.</summary>
internal sealed class TemporaryFolders(TimeProvider time)
{
    private const string Prefix = ".making-";

    /// <summary>The age from which a temporary folder is certain to be abandoned.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    /// <summary>Creates a temporary folder on the file system of its parent.</summary>
    public static TemporaryFolder Create(string parent)
    {
        var path = Path.Combine(parent, Prefix + Guid.NewGuid().ToString("N"));
        HomeFolder.CreatePrivate(path);
        return new(path);
    }

    /// <summary>Determines whether a folder has a temporary name.</summary>
    public static bool IsTemporary(string folder) => Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// Removes this user's abandoned temporary folders from a parent, which others may write to as well, such as <c>/tmp</c>. Links aren't
    /// followed, and what can't be deleted is left.
    /// </summary>
    public void Sweep(string parent)
    {
        foreach (var left in new DirectoryInfo(parent).EnumerateDirectories(Prefix + "*"))
            if (left.LinkTarget is null && FolderOwner.IsThisUser(left.FullName) && time.GetUtcNow() - left.LastWriteTimeUtc > MaxAge)
                TryDelete(left.FullName);
    }

    /// <summary>Makes a folder and its subfolders read-only; their files already are.</summary>
    public static void MakeReadOnly(string folder) => SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

    /// <summary>Deletes a folder, even if it is read-only. It is renamed first, so that no process sees a partial folder.</summary>
    public static void Delete(string folder)
    {
        if (TakeAway(folder) is { } doomed) Remove(doomed);
    }

    /// <summary>
    /// Deletes as much as possible of a folder that an app has written to, and leaves the rest under a temporary name, such as files of
    /// another user.
    /// </summary>
    public static void TryDelete(string folder)
    {
        try
        {
            Delete(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Moves a folder to a temporary name, which is fast whatever its content. Returns null if another process did that.</summary>
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

    /// <summary>Deletes a folder that was taken away, which another process may sweep at the same time.</summary>
    public static void Remove(string doomed)
    {
        try
        {
            RemoveAll(doomed);
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            // A sweep deletes whatever is left of it.
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
        // Links aren't followed, because their targets aren't ours. Writable modes are set from the outermost folder inward, read-only ones
        // from the innermost outward.
        var opening = (mode & UnixFileMode.UserWrite) != 0;
        if (opening) File.SetUnixFileMode(folder, mode);
        foreach (var inner in new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.LinkTarget is null))
            SetMode(inner.FullName, mode);
        if (!opening) File.SetUnixFileMode(folder, mode);
    }
}

/// <summary>Represents a folder that is being filled; unless it has been moved to its place, disposing it deletes it.</summary>
internal sealed class TemporaryFolder(string path) : IDisposable
{
    private bool _kept;

    public string Path => path;

    /// <summary>Moves the folder to its final name. If another process was first, its folder stays and this one is deleted.</summary>
    public void MoveTo(string name)
    {
        try
        {
            Directory.Move(path, name);
            _kept = true;
        }
        catch (IOException) when (Directory.Exists(name))
        {
            // The name determines the content, so the other folder is the same.
        }
    }

    public void Dispose()
    {
        if (!_kept) TemporaryFolders.Delete(path);
    }
}
