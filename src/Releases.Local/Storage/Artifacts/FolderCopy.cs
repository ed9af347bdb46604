namespace Releases.Local;

/// <summary>Makes the folders and links of a publish folder elsewhere, and its files side by side.</summary>
internal static class FolderCopy
{
    /// <param name="source">What is copied.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="place">Puts a file at a path, and gives it back as it is there.</param>
    /// <param name="cancel">Ends the copying.</param>
    /// <returns>The folder as it was made.</returns>
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

    /// <summary>Copies one file and reads the copy, since the source may change while it is copied.</summary>
    public static PublishEntry Copy(PublishEntry entry, string from, string to, bool writable, CancellationToken cancel)
    {
        PublishEntry.Copy(from, to, entry.Executable, writable);
        return entry with { Sha256 = ContentDigest.Of(to, cancel), Bytes = new FileInfo(to).Length };
    }
}
