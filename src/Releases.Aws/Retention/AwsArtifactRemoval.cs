namespace Releases.Aws;

/// <summary>
/// Removes the images of pruned releases from ECR, and deregisters the task definitions that their promotions registered. Versions of
/// secrets don't have to be removed: Secrets Manager deletes those that publishing an environment leaves without a label.
/// </summary>
internal sealed class AwsArtifactRemoval(IReleaseStore store, UnusedImages images, UnusedTaskDefinitions definitions, TimeProvider time)
    : IArtifactRemoval
{
    /// <summary>The number of newest builds that are searched for a running one.</summary>
    private const int MaxBuilds = 20;

    /// <summary>A DynamoDB transaction is limited to 100 actions.</summary>
    public int MaxPerWrite => 50;

    public bool Owns(Artifact artifact) => UnusedImages.Owns(artifact);

    public Task<long> Measure(
        AppName app, IReadOnlyList<Release> going, CancellationToken cancel = default) => AwsProblems.Translate("ECR", async () =>
    {
        var (unused, named) = await Named(app, going, cancel);
        return (await images.Find(app, unused, named, cancel)).Sum(i => i.Bytes);
    });

    public Task<bool> Remove(
        AppName app, IReadOnlyList<Release> pruned, CancellationToken cancel = default) => AwsProblems.Translate("ECR", async () =>
    {
        var builds = await store.ListBuilds(app, MaxBuilds, cancel);
        if (builds.Any(b => b.AsOf(time.GetUtcNow()).Status == BuildStatus.Running)) return false;
        await definitions.Remove(app, pruned, cancel);
        var (unused, named) = await Named(app, pruned, cancel);
        await images.Remove(await images.Find(app, unused, named, cancel), cancel);
        return true;
    });

    /// <summary>Returns the images of these releases, and the digests that other releases of the app refer to.</summary>
    private async Task<(IEnumerable<ImageReference> Images, IReadOnlySet<string> Named)> Named(
        AppName app, IReadOnlyList<Release> going, CancellationToken cancel)
    {
        var gone = going.Select(r => r.Id).ToHashSet();
        var others = (await store.ListReleases(app, int.MaxValue, cancel: cancel)).Where(r => r.PrunedAt is null && !gone.Contains(r.Id));
        return (going.SelectMany(UnusedImages.Of).Distinct(),
            others.SelectMany(UnusedImages.Of).Select(i => i.Digest).ToHashSet(StringComparer.Ordinal));
    }
}
