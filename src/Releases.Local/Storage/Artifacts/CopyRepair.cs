namespace Releases.Local;

/// <summary>
/// Compares a working copy with its artifact by content, and puts back what differs. What the artifact doesn't have isn't touched.
/// </summary>
/// <param name="original">The artifact's folder, with digests.</param>
/// <param name="copy">The working copy, in which no process may run while something is put back.</param>
internal sealed class CopyRepair(PublishFolder original, string copy)
{
    /// <summary>Returns the artifact's entries that are missing in the copy or differ.</summary>
    public IReadOnlyList<PublishEntry> Differences(CancellationToken cancel)
    {
        var replaced = Folders(original.Entries).Where(f => !IsFolder(f)).ToHashSet(StringComparer.Ordinal);
        var same = new bool[original.Entries.Count];
        ParallelFiles.For(same.Length, i =>
        {
            var entry = original.Entries[i];
            same[i] = !ParentsOf(entry.Path).Any(replaced.Contains) && IsSame(entry, cancel);
        }, cancel);
        return [.. original.Entries.Where((_, i) => !same[i])];
    }

    /// <summary>
    /// Puts entries back, each at once, and moves what was in their place to another folder. Everything is copied and verified before the
    /// first one is replaced.
    /// </summary>
    /// <param name="entries">The entries that differ.</param>
    /// <param name="fresh">A temporary folder on the same file system.</param>
    /// <param name="aside">The folder for what was in their place; it isn't created if there was nothing.</param>
    /// <param name="cancel">A token that cancels the copying.</param>
    /// <returns>Whether all copies are as the artifact was recorded; otherwise nothing was replaced.</returns>
    public bool TryPutBack(IReadOnlyList<PublishEntry> entries, string fresh, string aside, CancellationToken cancel)
    {
        var copied = FolderCopy.Make(
            new(original.Root, entries), fresh, (entry, to) => FolderCopy.Copy(entry, original.Full(entry), to, writable: true, cancel),
            cancel);
        if (!copied.Entries.Select(e => e.Sha256).SequenceEqual(entries.Select(e => e.Sha256))) return false;
        DiskFlush.Content(fresh);
        foreach (var folder in Folders(entries)) PutFolder(folder, aside);
        foreach (var entry in entries)
        {
            var path = Path.Combine(copy, entry.Path);
            if (entry.IsEmptyFolder)
            {
                PutFolder(entry.Path, aside);
                continue;
            }

            MoveAside(entry.Path, aside);
            if (entry.Target is { } target) File.CreateSymbolicLink(path, target);
            else File.Move(Path.Combine(fresh, entry.Path), path);
            FailPoint.PassFiles();
        }

        return true;
    }

    private bool IsSame(PublishEntry entry, CancellationToken cancel)
    {
        var path = Path.Combine(copy, entry.Path);
        if (entry.IsEmptyFolder) return IsFolder(entry.Path);
        var found = new FileInfo(path);
        if (entry.Target is not null || found.LinkTarget is not null) return found.LinkTarget == entry.Target;
        // What isn't a regular file, such as a pipe, may never end.
        if (!found.Exists || found.Length != entry.Bytes || (FileStat.Of(path) is { } stat && !IsLike(stat, entry))) return false;
        try
        {
            return ContentDigest.Of(path, cancel) == entry.Sha256;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsLike(FileStat stat, PublishEntry entry) =>
        stat.IsRegular && (stat.Permissions & PublishEntry.ExecutableMode) != 0 == entry.Executable;

    private void PutFolder(string folder, string aside)
    {
        if (IsFolder(folder)) return;
        MoveAside(folder, aside);
        Directory.CreateDirectory(Path.Combine(copy, folder));
    }

    /// <summary>Moves whatever has a path. A link is moved itself, not what it leads to.</summary>
    private void MoveAside(string path, string aside)
    {
        var (from, to) = (new FileInfo(Path.Combine(copy, path)), Path.Combine(aside, path));
        var isFolder = Directory.Exists(from.FullName);
        if (!from.Exists && !isFolder && from.LinkTarget is null) return;
        HomeFolder.CreatePrivate(aside);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (from.LinkTarget is { } target)
        {
            File.CreateSymbolicLink(to, target);
            File.Delete(from.FullName);
        }
        else if (isFolder) Directory.Move(from.FullName, to);
        else File.Move(from.FullName, to);
    }

    private bool IsFolder(string path) => new DirectoryInfo(Path.Combine(copy, path)) is { Exists: true, LinkTarget: null };

    /// <summary>Returns the folders of these entries, outermost first.</summary>
    private static IEnumerable<string> Folders(IEnumerable<PublishEntry> entries) =>
        entries.SelectMany(e => ParentsOf(e.Path)).Distinct(StringComparer.Ordinal).OrderBy(f => f.Length);

    private static IEnumerable<string> ParentsOf(string path)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); end > 0; end = path.IndexOf('/', end + 1)) yield return path[..end];
    }
}
