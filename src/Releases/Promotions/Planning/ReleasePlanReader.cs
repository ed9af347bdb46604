namespace Releases;

/// <summary>Reads from a rack what running a release means. Decides nothing about machines.</summary>
public sealed class ReleasePlanReader(IReleaseStore store, IVault vault, string rackName)
{
    /// <summary>The plan of this release, with the app's counts.</summary>
    public async Task<ReleasePlan> Read(App app, Release release, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(release);
        var problems = new List<Problem>();
        var environment = await ReadEnvironment(app, release, problems, cancel);
        var redactor = new Redactor(environment);
        if (release.Manifest is not { } manifestId)
            return new([], [.. problems, Incomplete(app, release, "no service has been built yet")], ReleasePlan.DefaultTimeout, redactor);

        var reading = ManifestReader.ReadStored(await store.ReadManifest(manifestId, cancel), $"the manifest of {release.Id}");
        if (reading.Manifest is not { } manifest) return new([], [.. problems, .. reading.Problems], ReleasePlan.DefaultTimeout, redactor);

        if (release.Missing.Where(m => manifest.Find(m)?.Image is null).ToList() is { Count: > 0 } missing)
            problems.Add(Incomplete(app, release, $"no artifact yet for: {string.Join(", ", missing)}"));
        var required = new SortedSet<string>(StringComparer.Ordinal);
        List<ServiceSpec> services =
            [.. manifest.Services.Select(s => new ServiceVariables(app, release, manifest, s, environment, rackName).Resolve(required, problems)).OfType<ServiceSpec>()];
        if (required.Count > 0)
            problems.Add(new(
                ProblemCode.RequiredEnvironment, $"required env: {string.Join(", ", required)}.",
                $"Set what is missing with: dotnet convox env set {string.Join(' ', required.Select(k => k + "=…"))} -a {app.Name}"));
        return new(services, problems, manifest.Timeout, redactor);
    }

    private async Task<EnvironmentSet> ReadEnvironment(App app, Release release, List<Problem> problems, CancellationToken cancel)
    {
        if (release.Environment is not { } snapshot) return EnvironmentSet.Empty;
        try
        {
            return await vault.Open(app.Name, snapshot, await store.ReadSnapshot(app.Name, snapshot, cancel), cancel);
        }
        catch (ProblemException closed)
        {
            problems.AddRange(closed.Problems);
            return EnvironmentSet.Empty;
        }
    }

    private static Problem Incomplete(App app, Release release, string what) => new(
        ProblemCode.Incomplete, $"{release.Id} of {app.Name} is incomplete: {what}.",
        "Build what is missing: dotnet convox build");
}
