namespace Releases.Local;

/// <summary>Copies a publish folder: creates its folders and links, and its files in parallel.</summary>
internal static class FolderCopy
{
    /// <param name="source">The folder to copy.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="place">Creates a file at a path, and returns its entry.</param>
    /// <param name="cancel">A token that cancels the copying.</param>
    /// <returns>The copied folder.</returns>
    public static PublishFolder Make(
        PublishFolder source, string folder, Func<PublishEntry, string, PublishEntry> place, CancellationToken cancel)
    {
        var folders = source.Entries.Select(e => e.IsEmptyFolder ? e.Path : Path.GetDirectoryName(e.Path)!);
        foreach (var inner in folders.Distinct(StringComparer.Ordinal))
            Directory.CreateDirectory(Path.Combine(folder, inner));
        foreach (var link in source.Entries.Where(e => e.Target is not null))
            File.CreateSymbolicLink(Path.Combine(folder, link.Path), link.Target!);
        FailPoint.PassFiles();

        var made = source.Entries.ToArray();
        ParallelFiles.For(made.Length, i =>
        {
            if (!made[i].IsFile) return;
            made[i] = place(made[i], Path.Combine(folder, made[i].Path));
            FailPoint.PassFiles();
        }, cancel);
        return new(folder, made);
    }

    /// <summary>Copies a file and hashes the copy, since the source may change meanwhile.</summary>
    public static PublishEntry Copy(PublishEntry entry, string from, string to, bool writable, CancellationToken cancel)
    {
        PublishEntry.Copy(from, to, entry.Executable, writable);
        var (sha256, bytes) = ContentDigest.Read(to, cancel);
        return entry with { Sha256 = sha256, Bytes = bytes };
    }
}
