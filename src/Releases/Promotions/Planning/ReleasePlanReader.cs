namespace Releases;

/// <summary>Resolves a release from the records of a rack. It doesn't depend on machines.</summary>
public sealed class ReleasePlanReader(IReleaseStore store, IVault vault, string rackName)
{
    /// <summary>Returns the plan of a release, with the app's own process counts.</summary>
    public async Task<ReleasePlan> Read(App app, Release release, CancellationToken cancel)
    {
        if (release.Pruned() is { } pruned) return new([], [pruned], ReleasePlan.DefaultTimeout, new(EnvironmentSet.Empty));
        var problems = new List<Problem>();
        var environment = await ReadEnvironment(app, release, problems, cancel);
        var redactor = new Redactor(environment);
        if (release.Manifest is not { } manifestId)
            return new([], [.. problems, Incomplete(release, "none of its services was built")], ReleasePlan.DefaultTimeout, redactor);

        ManifestResult reading;
        try
        {
            reading = await ReadManifest(release, manifestId, cancel);
        }
        catch (ProblemException damaged) when (damaged.Is(ProblemCode.DamagedStore))
        {
            // A promotion of it has to end, too.
            return new([], [.. problems, .. damaged.Problems], ReleasePlan.DefaultTimeout, redactor);
        }

        if (reading.Manifest is not { } manifest) return new([], [.. problems, .. reading.Problems], ReleasePlan.DefaultTimeout, redactor);

        if (release.Missing.Where(m => manifest.Find(m)?.Image is null).ToList() is { Count: > 0 } missing)
            problems.Add(Incomplete(release, $"{string.Join(", ", missing)} {(missing.Count == 1 ? "was" : "were")} not built"));
        var required = new SortedDictionary<string, List<ServiceName>>(StringComparer.Ordinal);
        List<ServiceSpec> services =
            [.. manifest.Services.Select(s => new ServiceVariables(app, release, manifest, s, environment, redactor, rackName)
                .Resolve(required, problems)).OfType<ServiceSpec>()];
        if (required.Count > 0) problems.Add(Missing(release, required));
        return new(services, problems, manifest.Timeout, redactor);
    }

    /// <summary>
    /// Returns the time limit of a release's promotion, and whether it has a plan (<see cref="Manifest.HasPlan"/>). Its environment isn't
    /// read, since it may be stored only with the promotion.
    /// </summary>
    public async Task<(TimeSpan Timeout, bool HasPlan)> ReadTerms(Release release, CancellationToken cancel)
    {
        if (release.Pruned() is not null || release.Manifest is not { } id) return (ReleasePlan.DefaultTimeout, false);
        return await ReadManifest(release, id, cancel) is { Manifest: { } manifest }
            ? (manifest.Timeout, manifest.HasPlan) : (ReleasePlan.DefaultTimeout, false);
    }

    private async Task<ManifestResult> ReadManifest(Release release, ManifestId id, CancellationToken cancel) =>
        ManifestReader.ReadStored(await store.ReadManifest(id, cancel), $"the manifest of v{release.Number}");

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

    /// <summary>The variable is set in this release, which needn't be the latest or the active one.</summary>
    private static Problem Missing(Release release, SortedDictionary<string, List<ServiceName>> required) => new(
        ProblemCode.RequiredEnvironment,
        $"missing required environment variable{(required.Count == 1 ? "" : "s")} "
            + $"{string.Join(", ", required.Select(r => $"{r.Key} ({string.Join(", ", r.Value)})"))}.",
        Remedy.Do(Operation.SetEnvironment, required.Count == 1 ? "Set it" : "Set them",
            [.. required.Keys.Select(k => k + "=…"), OperationOption.From, release.Id.ToString(), OperationOption.Promote]));

    private static Problem Incomplete(Release release, string what) => new(
        ProblemCode.Incomplete, $"{release.Label} is incomplete: {what}.",
        Remedy.Do(Operation.Build, "Build it"));
}
