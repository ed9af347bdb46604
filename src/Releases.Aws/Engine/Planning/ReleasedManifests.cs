namespace Releases.Aws;

/// <summary>Reads the manifest of a release outside of a promotion, with the names that a promotion resolves.</summary>
internal sealed class ReleasedManifests(IReleaseStore store, ReleasePlanReader plans)
{
    /// <summary>
    /// Returns the manifest, or null if the release has none. If the name of an ECS service or of a container has a variable, its services
    /// are resolved; fails with the problems that prevent that.
    /// </summary>
    public async Task<Manifest?> Find(App app, Release release, CancellationToken cancel)
    {
        if (await store.FindManifest(release, cancel) is not { } manifest) return null;
        if (!manifest.Services.Any(s => AwsSettings.From(s).HasVariables)) return manifest;
        var plan = await plans.Read(app, release, cancel);
        return plan.Problems.Count == 0
            ? manifest with { Services = [.. plan.Services.Select(s => s.Service)] }
            : throw new ProblemException(plan.Problems);
    }
}
