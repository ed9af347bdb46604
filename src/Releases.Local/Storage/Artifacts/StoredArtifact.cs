namespace Releases.Local;

/// <summary>Represents the folder of an artifact in the store.</summary>
/// <param name="Folder">The path of the folder.</param>
internal sealed record StoredArtifact(string Folder)
{
    /// <summary>Gets the folder with the app's files.</summary>
    public string Files => Path.Combine(Folder, "files");

    /// <summary>Gets whether the artifact exists.</summary>
    public bool Exists => Directory.Exists(Files);

    /// <summary>
    /// Determines whether the artifact has exactly the content of a publish folder. Files that aren't known to be unchanged are read.
    /// </summary>
    public bool IsWhole(PublishFolder published, Func<PublishEntry, FileStat, bool> isKnown, CancellationToken cancel)
    {
        try
        {
            var stored = PublishFolder.Read(Files);
            if (!stored.Entries.Select(Shape).SequenceEqual(published.Entries.Select(Shape))) return false;
            var right = true;
            ParallelFiles.For(stored.Entries.Count, i =>
            {
                var (copy, original) = (stored.Entries[i], published.Entries[i]);
                if (!right || !copy.IsFile || (copy.Stat is { } stat && isKnown(original, stat))) return;
                if (ContentDigest.Of(stored.Full(copy), cancel) != original.Sha256) right = false;
            }, cancel);
            return right;
        }
        catch (Exception damaged) when (damaged is ProblemException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static (string, bool, long, string?, bool) Shape(PublishEntry entry) =>
        (entry.Path, entry.Executable, entry.Bytes, entry.Target, entry.IsEmptyFolder);
}
