namespace Releases.Local;

/// <summary>
/// Manages the working copies of one-off processes. Each process has its own, which no promotion and no daemon removes, and which is
/// deleted when the process ends. The next command or the daemon removes those of killed commands.
/// </summary>
internal sealed class OneOffFolders(LocalHome home, LocalArtifactStore artifacts, TimeProvider time)
{
    /// <summary>Creates a copy of an artifact under a unique name.</summary>
    public async Task<OneOffFolder> Make(string name, Artifact artifact, CancellationToken cancel)
    {
        HomeFolder.CreatePrivate(home.OneOffs);
        using var making = TemporaryFolders.Create(home.OneOffs);
        await artifacts.Materialize(artifact, OneOffFolder.FilesIn(making.Path), isKept: false, cancel);
        // Lock the folder before it gets its name, and so before any sweep can find it.
        var inUse = FileLock.Share(OneOffFolder.LockIn(making.Path));
        var folder = Path.Combine(home.OneOffs, name);
        try
        {
            making.MoveTo(folder);
            return new(folder, inUse);
        }
        catch
        {
            inUse.Dispose();
            throw;
        }
    }

    /// <summary>Removes unused copies.</summary>
    public void Sweep()
    {
        if (!Directory.Exists(home.OneOffs)) return;
        Remove(() => new TemporaryFolders(time).Sweep(home.OneOffs));
        foreach (var folder in Directory.EnumerateDirectories(home.OneOffs).Where(f => !TemporaryFolders.IsTemporary(f)))
            Remove(() =>
            {
                using var left = FileLock.TryTake(OneOffFolder.LockIn(folder));
                if (left is not null) TemporaryFolders.Delete(folder);
            });
    }

    /// <summary>
    /// Tries to remove a copy. One that can't be removed, such as with files of another user, is left in place and doesn't prevent the next
    /// process from running.
    /// </summary>
    internal static void Remove(Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ProblemException)
        {
            // The next sweep tries again.
        }
    }
}

/// <summary>Represents the working copy of a one-off process, which is removed when disposed.</summary>
internal sealed class OneOffFolder(string folder, IDisposable inUse) : IDisposable
{
    /// <summary>Gets the working directory of the process.</summary>
    public string Files => FilesIn(folder);

    /// <summary>Gets the lock file that all processes using the folder share.</summary>
    public string Lock => LockIn(folder);

    public static string FilesIn(string folder) => Path.Combine(folder, "files");

    public static string LockIn(string folder) => Path.Combine(folder, "in-use");

    public void Dispose()
    {
        OneOffFolders.Remove(() => TemporaryFolders.Delete(folder));
        inUse.Dispose();
    }
}
