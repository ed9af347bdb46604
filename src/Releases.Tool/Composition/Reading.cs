namespace Releases.Tool;

/// <summary>What several commands read from a rack.</summary>
internal static class Reading
{
    /// <summary>Among how many a mistyped id is looked for.</summary>
    private const int Most = 100;

    /// <summary>The environment of a release; empty while the app has none.</summary>
    public static async Task<EnvironmentSet> ReadEnvironment(this Rack rack, Release release, CancellationToken cancel) =>
        release.Environment is { } id
            ? await rack.Vault.Open(release.App, id, await rack.Store.ReadSnapshot(release.App, id, cancel), cancel)
            : EnvironmentSet.Empty;

    /// <summary>The release that a person named, or the latest.</summary>
    public static async Task<Release> RequireReleaseOrLatest(this IReleaseStore store, App app, string? named, CancellationToken cancel)
    {
        if (named is not null) return await store.RequireRelease(app.Name, ReleaseReference.Parse(named), cancel);
        return app.Latest is { } latest
            ? await store.RequireRelease(app.Name, latest, cancel)
            : throw new Problem(
                ProblemCode.Nothing, $"{app.Name} has no releases yet.", "Make one: dotnet convox build").ToException();
    }

    /// <summary>The promotion, or a problem.</summary>
    public static async Task<Promotion> RequirePromotion(this IReleaseStore store, AppName app, PromotionId id, CancellationToken cancel) =>
        await store.FindPromotion(app, id, cancel)
        ?? throw new Problem(
            ProblemCode.NotFound, $"{app} has no promotion {id}.",
            NearestName.Hint(id.ToString(), (await store.ListPromotions(app, Most, cancel: cancel)).Select(p => p.Id.ToString()), "See which there are with: dotnet convox promotions")).ToException();

    /// <summary>The build, or a problem.</summary>
    public static async Task<Build> RequireBuild(this IReleaseStore store, AppName app, BuildId id, CancellationToken cancel) =>
        await store.FindBuild(app, id, cancel)
        ?? throw new Problem(
            ProblemCode.NotFound, $"{app} has no build {id}.",
            NearestName.Hint(id.ToString(), (await store.ListBuilds(app, Most, cancel)).Select(b => b.Id.ToString()), "See which there are with: dotnet convox builds")).ToException();
}
