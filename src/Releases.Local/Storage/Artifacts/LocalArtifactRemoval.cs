namespace Releases.Local;

/// <summary>
/// Removes the artifacts of pruned releases: all that no release names, so that artifacts of other releases or apps stay.
/// </summary>
internal sealed class LocalArtifactRemoval(LocalHome home, SqliteReleaseStore store, TimeProvider time) : IArtifactRemoval
{
    private readonly ArtifactCollection _collection = new(home, store, time);

    /// <summary>
    /// Gets the maximum number of releases per write. A write could take any number, but each is followed by a scan of the folder of
    /// artifacts.
    /// </summary>
    public int MaxPerWrite => 1000;

    public bool Owns(Artifact artifact) => artifact.Kind == ArtifactKind.Folder;

    public async Task<long> Measure(AppName app, IReadOnlyList<Release> going, CancellationToken cancel = default)
    {
        var named = await store.NamedArtifacts(app, going.Select(r => r.Id).ToHashSet(), cancel);
        if (named is null) return 0;
        var artifacts = going.SelectMany(r => r.Services.Values).Select(s => s.Artifact?.Digest).OfType<string>().Distinct()
            .Where(d => !named.Contains(d)).Select(d => home.ArtifactOf(d));
        return await Task.Run(() => FreedBytes.Of(artifacts), cancel);
    }

    public Task<bool> Remove(AppName app, IReadOnlyList<Release> pruned, CancellationToken cancel = default) => _collection.Run(cancel);
}
