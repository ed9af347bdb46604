namespace Releases.Local;

/// <summary>
/// Removes the artifacts that only pruned releases have: all that no release names, so an artifact that another release or app has stays.
/// </summary>
internal sealed class LocalArtifactRemoval(LocalHome home, SqliteReleaseStore store, TimeProvider time) : IArtifactRemoval
{
    private readonly ArtifactCollection _collection = new(home, store, time);

    /// <summary>A write takes as many as one likes; each is followed by a walk through the folder of artifacts.</summary>
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
