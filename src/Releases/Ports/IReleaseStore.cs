namespace Releases;

/// <summary>
/// Where a rack keeps its records. Every write is conditional and appends its event in the same write; a write that was
/// answered is not lost, one that was not answered is there whole or not at all. Usable from several processes at once.
/// </summary>
public interface IReleaseStore : IAsyncDisposable
{
    /// <summary>The apps that are not deleted, sorted by name.</summary>
    Task<IReadOnlyList<App>> ListApps(CancellationToken cancel = default);

    /// <summary>The app, also as a tombstone (<see cref="App.DeletedAt"/>); null if there never was one.</summary>
    Task<App?> FindApp(AppName app, CancellationToken cancel = default);

    /// <summary>Makes an app, or revives a tombstone with its numbers. Fails with <see cref="ProblemCode.AppExists"/>.</summary>
    Task<App> CreateApp(AppName app, Event what, CancellationToken cancel = default);

    /// <summary>Leaves a tombstone with the numbers and removes the app's records but its events. Fails with <see cref="ProblemCode.Busy"/>
    /// while a promotion runs.</summary>
    Task DeleteApp(AppName app, Event what, CancellationToken cancel = default);

    /// <summary>
    /// Changes what the record has of an app besides its releases, as it is at that moment. Fails with <see cref="ProblemCode.NoSuchApp"/>.
    /// </summary>
    Task<App> ChangeApp(AppName app, Func<App, App> change, Event what, CancellationToken cancel = default);

    /// <summary>Writes a build, new or again. One that is complete stays as it is: a release has it.</summary>
    Task SaveBuild(Build build, CancellationToken cancel = default);

    /// <summary>Writes down that a build is still made; one that has ended, or doesn't exist, stays as it is.</summary>
    Task RenewBuild(AppName app, BuildId id, DateTimeOffset now, CancellationToken cancel = default);

    /// <summary>The build, or null.</summary>
    Task<Build?> FindBuild(AppName app, BuildId id, CancellationToken cancel = default);

    /// <summary>Builds, newest first.</summary>
    Task<IReadOnlyList<Build>> ListBuilds(AppName app, int limit, CancellationToken cancel = default);

    /// <summary>Keeps a piece of a build's log; writing the same piece again replaces it.</summary>
    /// <param name="app">The app.</param>
    /// <param name="build">The build.</param>
    /// <param name="part">From 0.</param>
    /// <param name="text">Whole lines, at most <see cref="Build.MaxLogPart"/> characters.</param>
    /// <param name="cancel">Ends the writing.</param>
    Task AppendBuildLog(AppName app, BuildId build, int part, string text, CancellationToken cancel = default);

    /// <summary>The pieces that were kept of a build's log so far, from this one on.</summary>
    Task<IReadOnlyList<string>> ReadBuildLog(AppName app, BuildId build, int from = 0, CancellationToken cancel = default);

    /// <summary>
    /// Appends a release with what belongs to it in one write, on condition that the app is not deleted, its
    /// <see cref="App.LastNumber"/> is the release's number less one, its latest release is still the one seen, and the releases that it
    /// takes its artifacts from weren't pruned. Where its promotion begins with it, also on condition that no other one is open.
    /// False: somebody else was first, nothing was written; read again and redo.
    /// </summary>
    Task<bool> TryAddRelease(ReleaseAddition addition, CancellationToken cancel = default);

    /// <summary>The release, or null.</summary>
    Task<Release?> FindRelease(AppName app, ReleaseReference release, CancellationToken cancel = default);

    /// <summary>Releases, newest first, those below a number if one is given. Costs the same however many there are.</summary>
    Task<IReadOnlyList<Release>> ListReleases(AppName app, int limit, long? below = null, CancellationToken cancel = default);

    /// <summary>
    /// Notes on releases that they are pruned, and on the app that their artifacts are to be removed, in one write, on condition that the
    /// app is still as it was seen (<see cref="App.IsPrunedLike"/>) and no promotion runs. False: nothing was written.
    /// </summary>
    Task<bool> TryPrune(App seen, IReadOnlyList<Release> releases, Event what, CancellationToken cancel = default);

    /// <summary>Notes on the app that the artifacts of these pruned releases are gone.</summary>
    Task EndPrune(AppName app, IReadOnlyList<ReleaseId> releases, CancellationToken cancel = default);

    /// <summary>The text of a manifest; every id that a release carries is there.</summary>
    Task<string> ReadManifest(ManifestId id, CancellationToken cancel = default);

    /// <summary>A document that a release of the app refers to (<see cref="EvidenceDocument.Compressed"/>); null: it isn't there.</summary>
    Task<byte[]?> ReadDocument(AppName app, string digest, CancellationToken cancel = default);

    /// <summary>A sealed environment snapshot; every id that a release carries is there.</summary>
    Task<byte[]> ReadSnapshot(AppName app, SnapshotId id, CancellationToken cancel = default);

    /// <summary>Takes the app's lock and writes the promotion. Fails with <see cref="ProblemCode.Busy"/>, telling who holds it.</summary>
    Task<PromotionLock> BeginPromotion(Promotion promotion, string owner, Event what, CancellationToken cancel = default);

    /// <summary>Moves the lock to another driver, on condition that it is still as it was seen. Null: it is not.</summary>
    Task<PromotionLock?> TakeOver(PromotionLock seen, string owner, Event what, CancellationToken cancel = default);

    /// <summary>The lock, or null.</summary>
    Task<PromotionLock?> FindLock(AppName app, CancellationToken cancel = default);

    /// <summary>Increments the beat on condition of the token. Fails with <see cref="ProblemCode.Fenced"/>.</summary>
    Task<PromotionLock> RenewLock(PromotionLock held, DateTimeOffset now, CancellationToken cancel = default);

    /// <summary>Leaves the promotion to the rack's agents, on condition of the token. Fails with
    /// <see cref="ProblemCode.Fenced"/>.</summary>
    Task OfferLock(PromotionLock held, CancellationToken cancel = default);

    /// <summary>
    /// The apps that have an open promotion, as far as the version that began it lists them: those before 0.2 do not. Costs the same
    /// however many apps there are.
    /// </summary>
    Task<IReadOnlyList<AppName>> ListPromoting(CancellationToken cancel = default);

    /// <summary>Writes a promotion on condition of the lock's token. Fails with <see cref="ProblemCode.Fenced"/>.</summary>
    Task SavePromotion(PromotionLock held, Promotion promotion, CancellationToken cancel = default);

    /// <summary>
    /// Writes a promotion's outcome, frees the lock, notes the outcome on the release and, where it succeeded, moves
    /// <see cref="App.Active"/>: one write, on condition of the lock's token. Fails with <see cref="ProblemCode.Fenced"/>.
    /// </summary>
    Task FinishPromotion(PromotionLock held, Promotion promotion, Event what, CancellationToken cancel = default);

    /// <summary>Notes on the lock that the promotion is to be cancelled. False: it no longer runs.</summary>
    Task<bool> RequestCancel(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default);

    /// <summary>Notes on the lock that the promotion is approved; the first one counts. False: it no longer runs.</summary>
    Task<bool> Approve(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default);

    /// <summary>The promotion, or null.</summary>
    Task<Promotion?> FindPromotion(AppName app, PromotionId id, CancellationToken cancel = default);

    /// <summary>Promotions, newest first, those before one if one is given.</summary>
    Task<IReadOnlyList<Promotion>> ListPromotions(AppName app, int limit, PromotionId? before = null, CancellationToken cancel = default);

    /// <summary>
    /// Shortens the oldest promotions that aren't yet (<see cref="Promotion.Shortened"/>), but for the newest ones, and notes on the app
    /// how far it got, in one write. The number of them; 0: all are.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="keep">How many of the newest stay as they are.</param>
    /// <param name="most">How many are shortened at most.</param>
    /// <param name="cancel">Ends it.</param>
    Task<int> ShortenPromotions(AppName app, int keep, int most, CancellationToken cancel = default);

    /// <summary>Events, newest first.</summary>
    Task<IReadOnlyList<Event>> ListEvents(AppName app, int limit, CancellationToken cancel = default);
}

/// <summary>A release and what is written with it.</summary>
/// <param name="Release">The release.</param>
/// <param name="Seen">The app's latest release that the caller based its decisions on; null: none.</param>
/// <param name="Event">Who made it.</param>
/// <param name="ManifestText">The text of its manifest, where it may be new to the store.</param>
/// <param name="Snapshot">Its sealed environment, where it is new.</param>
/// <param name="Build">The build that made it, now complete.</param>
/// <param name="Source">Where the app was built from.</param>
public sealed record ReleaseAddition(
    Release Release, ReleaseId? Seen, Event Event, string? ManifestText = null, byte[]? Snapshot = null, Build? Build = null,
    AppSource? Source = null)
{
    /// <summary>The documents of its evidence; those that already exist stay as they are.</summary>
    public IReadOnlyList<EvidenceDocument> Documents { get; init; } = [];

    /// <summary>Its promotion, which begins in the same write; null: none does.</summary>
    public PromotionBeginning? Begins { get; init; }
}

/// <summary>What is written when a promotion begins.</summary>
/// <param name="Promotion">The promotion.</param>
/// <param name="Owner">Who drives it.</param>
/// <param name="Event">Who began it.</param>
public sealed record PromotionBeginning(Promotion Promotion, string Owner, Event Event);
