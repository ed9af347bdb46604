namespace Releases;

/// <summary>Reads records that must exist, or fails with a problem.</summary>
public static class RequiredRecords
{
    /// <summary>The number of records among which the intended id is searched.</summary>
    private const int MaxCandidates = 100;

    /// <summary>Returns the app. Fails with <see cref="ProblemCode.NoSuchApp"/>.</summary>
    public static async Task<App> RequireApp(this IReleaseStore store, AppName name, CancellationToken cancel = default) =>
        await store.FindApp(name, cancel) is { DeletedAt: null } app
            ? app
            : throw NoSuchApp(name, (await store.ListApps(cancel)).Select(a => a.Name.ToString())).ToException();

    /// <summary>Returns the problem that an app doesn't exist.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="existing">The names of existing apps, one of which may have been meant.</param>
    public static Problem NoSuchApp(AppName name, params IEnumerable<string> existing) => new(
        ProblemCode.NoSuchApp, $"there is no app '{name}' on this rack.",
        NearestName.Hint(name.ToString(), existing,
            Remedy.Do(Operation.ListApps, "List apps").Or(Remedy.Do(Operation.Deploy, "Create it"))));

    /// <summary>Returns the release. Fails with <see cref="ProblemCode.NoSuchRelease"/>.</summary>
    public static async Task<Release> RequireRelease(
        this IReleaseStore store, AppName app, ReleaseReference release, CancellationToken cancel = default) =>
        await store.FindRelease(app, release, cancel)
            ?? throw new Problem(
                ProblemCode.NoSuchRelease, $"{app} has no release {release}.",
                NearestName.Hint(
                    release.ToString(),
                    (await store.ListReleases(app, MaxCandidates, cancel: cancel)).Select(r => r.Id.ToString()),
                    Remedy.Do(Operation.ListReleases, "List releases", OperationOption.All))).ToException();

    /// <summary>Returns how sentences name a release: <c>v12 (ROCHMCOUESG)</c>, or only the id if there is no record of it.</summary>
    public static async Task<string> Label(
        this IReleaseStore store, AppName app, ReleaseId release, CancellationToken cancel = default) =>
        (await store.FindRelease(app, release, cancel))?.Label ?? release.ToString();

    /// <summary>Returns the problem that the lock's promotion prevents another one.</summary>
    public static async Task<Problem> Busy(this IReleaseStore store, PromotionLock held, DateTimeOffset now, CancellationToken cancel) =>
        held.Busy(
            await store.Label(held.App, held.Release, cancel), now, await store.FindPromotion(held.App, held.Promotion, cancel));

    /// <summary>
    /// Returns that a promotion seems to have no driver: <c>promotion of v12 (ROCHMCOUESG) lost its driver 2 hours ago</c>.
    /// </summary>
    internal static async Task<string> LostDriver(
        this IReleaseStore store, PromotionLock held, DateTimeOffset now, CancellationToken cancel) =>
        $"promotion of {await store.Label(held.App, held.Release, cancel)} lost its driver "
            + RelativeTime.InSentence(held.RenewedAt ?? held.StartedAt, now);

    /// <summary>
    /// Returns the lock of the running promotion, or null if none is. Fails with <see cref="ProblemCode.Nothing"/> if it isn't the
    /// expected one.
    /// </summary>
    /// <param name="store">The store of the records.</param>
    /// <param name="app">The app.</param>
    /// <param name="expected">The promotion, or null for any.</param>
    /// <param name="nothing">What there isn't otherwise: <c>nothing to cancel</c>.</param>
    /// <param name="cancel">Cancels the read.</param>
    public static async Task<PromotionLock?> FindRunning(
        this IReleaseStore store, AppName app, PromotionId? expected, string nothing, CancellationToken cancel)
    {
        var held = await store.FindLock(app, cancel);
        if (expected is { } promotion && held?.Promotion != promotion)
            throw new Problem(
                ProblemCode.Nothing, $"the promotion ({promotion}) has ended, so there is {nothing}.",
                Remedy.Do(Operation.ShowPromotion, "See how it ended", promotion.ToString())).ToException();
        return held;
    }

    /// <summary>Fails with <see cref="ProblemCode.ChooseBase"/> if another release is active than expected.</summary>
    /// <param name="store">The store of the records.</param>
    /// <param name="app">The app.</param>
    /// <param name="expected">The release that must be active, or null for any.</param>
    /// <param name="expectsNone">Whether no release may be active.</param>
    /// <param name="cancel">Cancels the read.</param>
    public static async Task RequireActive(
        this IReleaseStore store, App app, ReleaseId? expected, bool expectsNone, CancellationToken cancel)
    {
        if (app.Active != expected && (expected is not null || expectsNone))
            throw (await store.IsNotActive(app, expected, cancel)).ToException();
    }

    /// <summary>Returns the problem that another release is active than expected, or that one is although none was expected.</summary>
    public static async Task<Problem> IsNotActive(this IReleaseStore store, App app, ReleaseId? expected, CancellationToken cancel)
    {
        var active = app.Active is { } id ? await store.Label(app.Name, id, cancel) : "no release";
        var instead = expected is { } one ? $", not {await store.Label(app.Name, one, cancel)}" : ", where none was before";
        return new(
            ProblemCode.ChooseBase, $"{active} is active in {app.Name}{instead}.",
            Remedy.Do(Operation.ListReleases, "List releases"), Unchanged: Problem.NothingChanged);
    }

    /// <summary>
    /// Returns the services of the release, sorted; without a release, those of the active and the latest one. Fails with
    /// <see cref="ProblemCode.NotFound"/> if one of the given services isn't among them.
    /// </summary>
    public static async Task<IReadOnlyCollection<ServiceName>> RequireServices(
        this IReleaseStore store, App app, Release? of, IReadOnlyList<ServiceName> services, CancellationToken cancel = default)
    {
        var known = new SortedSet<ServiceName>(of?.Services.Keys ?? []);
        if (of is null)
            foreach (var id in new[] { app.Active, app.Latest })
                if (id is { } release) known.UnionWith((await store.RequireRelease(app.Name, release, cancel)).Services.Keys);
        foreach (var missing in services.Where(s => !known.Contains(s)))
            throw new Problem(
                ProblemCode.NotFound, $"{of?.Label ?? app.Name.ToString()} has no service '{missing}'.",
                known.Count == 0 ? "It has no services yet; the first build adds them."
                    : NearestName.Hint(missing.ToString(), known.Select(s => s.ToString()), $"Its services: {string.Join(", ", known)}."))
                    .ToException();
        return known;
    }

    /// <summary>Returns the manifest of a release, or null if it has none.</summary>
    public static async Task<Manifest?> FindManifest(this IReleaseStore store, Release release, CancellationToken cancel) =>
        release.Manifest is { } id
            ? ManifestReader.ReadStored(await store.ReadManifest(id, cancel), $"the manifest of v{release.Number}").Require()
            : null;

    /// <summary>
    /// Returns the named release, else the latest. Fails with <see cref="ProblemCode.NoSuchRelease"/> or <see cref="ProblemCode.Nothing"/>.
    /// </summary>
    public static async Task<Release> RequireReleaseOrLatest(
        this IReleaseStore store, App app, ReleaseReference? named, CancellationToken cancel) =>
        (named ?? app.Latest) is { } release
            ? await store.RequireRelease(app.Name, release, cancel)
            : throw new Problem(ProblemCode.Nothing, $"{app.Name} has no releases yet.", Remedy.Do(Operation.Build, "Make one"))
                .ToException();

    /// <summary>Returns the promotion. Fails with <see cref="ProblemCode.NotFound"/>.</summary>
    public static async Task<Promotion> RequirePromotion(this IReleaseStore store, AppName app, PromotionId id, CancellationToken cancel)
    {
        if (await store.FindPromotion(app, id, cancel) is { } promotion) return promotion;
        var known = (await store.ListPromotions(app, MaxCandidates, cancel: cancel)).Select(p => p.Id.ToString());
        throw NotFound($"{app} has no promotion {id}.", id.ToString(), known, Remedy.Do(Operation.ListPromotions, "List promotions"));
    }

    /// <summary>Returns the build. Fails with <see cref="ProblemCode.NotFound"/>.</summary>
    public static async Task<Build> RequireBuild(this IReleaseStore store, AppName app, BuildId id, CancellationToken cancel)
    {
        if (await store.FindBuild(app, id, cancel) is { } build) return build;
        var known = (await store.ListBuilds(app, MaxCandidates, cancel)).Select(b => b.Id.ToString());
        throw NotFound($"{app} has no build {id}.", id.ToString(), known, Remedy.Do(Operation.ListBuilds, "List builds"));
    }

    private static ProblemException NotFound(string message, string named, IEnumerable<string> known, Remedy list) =>
        new Problem(ProblemCode.NotFound, message, NearestName.Hint(named, known, list)).ToException();
}
