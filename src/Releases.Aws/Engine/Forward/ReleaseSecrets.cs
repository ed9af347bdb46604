namespace Releases.Aws;

/// <summary>Publishes the environment of a release to Secrets Manager, where ECS reads it.</summary>
internal sealed class ReleaseSecrets(IReleaseStore store, IVault vault, PublishedSecrets published)
{
    /// <summary>Publishes the environment, and returns the reference of each key for a task definition.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Publish(App app, Release release, CancellationToken cancel)
    {
        if (release.Environment is not { } id) return new Dictionary<string, string>();
        var environment = await vault.Open(app.Name, id, await store.ReadSnapshot(app.Name, id, cancel), cancel);
        var kept = new List<SnapshotId>();
        // A command may run during a promotion, whose published environment must be kept.
        var promoted = (await store.FindLock(app.Name, cancel))?.Release;
        foreach (var other in (ReleaseId?[])[app.Active, app.PreviousActive, promoted])
            if (other is { } named && (await store.FindRelease(app.Name, named, cancel))?.Environment is { } used) kept.Add(used);
        return await published.Publish(app.Name, id, environment, kept, cancel);
    }

    /// <summary>Publishes the environment once for all services of a promotion.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PublishOnce(EcsSnapshot snapshot, Rollout rollout, CancellationToken cancel) =>
        snapshot.Secrets ??= await Publish(rollout.App, rollout.Release, cancel);
}
