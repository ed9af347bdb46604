namespace Releases;

/// <summary>Records that a person named, or the problem that there are none of that name.</summary>
public static class RecordLookup
{
    /// <summary>Among how many a mistyped id is looked for.</summary>
    private const int MaxCandidates = 100;

    /// <summary>The environment of a release; empty while the app has none.</summary>
    public static async Task<EnvironmentSet> ReadEnvironment(this Rack rack, Release release, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(rack);
        ArgumentNullException.ThrowIfNull(release);
        return release.Environment is { } id
            ? await rack.Vault.Open(release.App, id, await rack.Store.ReadSnapshot(release.App, id, cancel), cancel)
            : EnvironmentSet.Empty;
    }

    /// <summary>The release that was named, else the latest. Fails with <see cref="ProblemCode.NoSuchRelease"/> or <see cref="ProblemCode.Nothing"/>.</summary>
    public static async Task<Release> RequireReleaseOrLatest(
        this IReleaseStore store, App app, ReleaseReference? named, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(app);
        return (named ?? app.Latest) is { } release
            ? await store.RequireRelease(app.Name, release, cancel)
            : throw new Problem(ProblemCode.Nothing, $"{app.Name} has no releases yet.", Remedy.Do(Operation.Build, "Make one")).ToException();
    }

    /// <summary>The promotion, or <see cref="ProblemCode.NotFound"/>.</summary>
    public static async Task<Promotion> RequirePromotion(this IReleaseStore store, AppName app, PromotionId id, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.FindPromotion(app, id, cancel) is { } promotion) return promotion;
        var known = (await store.ListPromotions(app, MaxCandidates, cancel: cancel)).Select(p => p.Id.ToString());
        throw NotFound($"{app} has no promotion {id}.", id.ToString(), known, Remedy.Do(Operation.ListPromotions, "List promotions"));
    }

    /// <summary>The build, or <see cref="ProblemCode.NotFound"/>.</summary>
    public static async Task<Build> RequireBuild(this IReleaseStore store, AppName app, BuildId id, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.FindBuild(app, id, cancel) is { } build) return build;
        var known = (await store.ListBuilds(app, MaxCandidates, cancel)).Select(b => b.Id.ToString());
        throw NotFound($"{app} has no build {id}.", id.ToString(), known, Remedy.Do(Operation.ListBuilds, "List builds"));
    }

    private static ProblemException NotFound(string message, string named, IEnumerable<string> known, Remedy list) =>
        new Problem(ProblemCode.NotFound, message, NearestName.Hint(named, known, list)).ToException();
}
