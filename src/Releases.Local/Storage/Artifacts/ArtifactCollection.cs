namespace Releases.Local;

/// <summary>
/// Removes the artifacts that no release uses, and then the files that no artifact uses. A build is recorded before it stores or finds an
/// artifact, and artifacts are removed while no build can begin, so none that a future release needs is lost.
/// </summary>
internal sealed class ArtifactCollection(LocalHome home, SqliteReleaseStore store, TimeProvider time)
{
    private const int DigestLength = 64;

    /// <summary>
    /// Returns the digests of the artifacts that no release uses, or null if they are unknown because a newer version wrote a release.
    /// </summary>
    public async Task<IReadOnlyList<string>?> Unnamed(CancellationToken cancel) =>
        await store.NamedArtifacts(cancel) is { } named ? Without(named) : null;

    /// <summary>Removes unused artifacts. Returns false if a running build prevents that; the next collection removes them.</summary>
    public async Task<bool> Run(CancellationToken cancel)
    {
        // If there is nothing to remove, write nothing and hold up no build.
        if (await Unnamed(cancel) is not { } unnamed) return false;
        var taken = new List<string>();
        var done = unnamed.Count == 0 || await store.WhileNoneIsBuilt(time.GetUtcNow(), named => TakeAway(named, taken), cancel);
        foreach (var folder in taken)
        {
            TemporaryFolders.Remove(folder);
            FailPoint.PassFiles();
        }

        new StoredFiles(home).RemoveUnnamed();
        return done;
    }

    private void TakeAway(IReadOnlySet<string> named, List<string> taken)
    {
        foreach (var digest in Without(named))
        {
            if (TemporaryFolders.TakeAway(home.ArtifactOf(digest)) is { } folder) taken.Add(folder);
            FailPoint.PassFiles();
        }
    }

    private List<string> Without(IReadOnlySet<string> named) => !Directory.Exists(home.Artifacts) ? []
        : [.. Directory.EnumerateDirectories(home.Artifacts).Select(d => Path.GetFileName(d)).Where(n => n.Length == DigestLength)
            .Select(n => "sha256:" + n).Where(d => !named.Contains(d))];
}
