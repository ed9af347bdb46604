namespace Releases.Aws;

/// <summary>Has a release's environment where ECS reads it.</summary>
internal sealed class ReleaseSecrets(IReleaseStore store, IVault vault, PublishedSecrets published)
{
    /// <summary>For each key what a task definition refers to.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Publish(App app, Release release, CancellationToken cancel)
    {
        if (release.Environment is not { } id) return new Dictionary<string, string>();
        var environment = await vault.Open(app.Name, id, await store.ReadSnapshot(app.Name, id, cancel), cancel);
        var kept = new List<SnapshotId>();
        // A command may run during a promotion, which needs what it has published.
        var promoted = (await store.FindLock(app.Name, cancel))?.Release;
        foreach (var other in (ReleaseId?[])[app.Active, app.PreviousActive, promoted])
            if (other is { } named && (await store.FindRelease(app.Name, named, cancel))?.Environment is { } used) kept.Add(used);
        return await published.Publish(app.Name, id, environment, kept, cancel);
    }
}
