namespace Releases.Local;

/// <summary>
/// The working copies of one-off processes: each its own, which no promotion and no daemon takes away, and which is gone when
/// they end. What a killed command left is removed by the next one, or by the daemon.
/// </summary>
internal sealed class OneOffFolders(LocalHome home, LocalArtifactStore artifacts, TimeProvider time)
{
    /// <summary>A copy of an artifact under a unique name.</summary>
    public async Task<OneOffFolder> Make(string name, Artifact artifact, CancellationToken cancel)
    {
        HomeFolder.CreatePrivate(home.OneOffs);
        using var making = TemporaryFolders.Create(home.OneOffs);
        await artifacts.Materialize(artifact, OneOffFolder.FilesIn(making.Path), cancel);
        // Locked before it has its name, and so before anybody can sweep it.
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

    /// <summary>Removes unused ones.</summary>
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
    /// What cannot be removed, such as files that a process made as another user, stays: it is no reason not to run the next one.
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

/// <summary>A one-off's working copy as long as it is used; then it is removed.</summary>
internal sealed class OneOffFolder(string folder, IDisposable inUse) : IDisposable
{
    /// <summary>Where the process starts.</summary>
    public string Files => FilesIn(folder);

    /// <summary>Shared by all processes that need the folder.</summary>
    public string Lock => LockIn(folder);

    public static string FilesIn(string folder) => Path.Combine(folder, "files");

    public static string LockIn(string folder) => Path.Combine(folder, "in-use");

    public void Dispose()
    {
        OneOffFolders.Remove(() => TemporaryFolders.Delete(folder));
        inUse.Dispose();
    }
}
