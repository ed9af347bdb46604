namespace Releases;

/// <summary>
/// Stores the records of a rack. Every write is conditional and appends its event in the same write. A write that was acknowledged isn't
/// lost; one that wasn't is either complete or absent. Can be used by several processes at once. Every member may fail with a transient
/// problem (<see cref="Problem.IsTransient"/>) while the store is busy or can't be reached, and may then be called again.
/// </summary>
public interface IReleaseStore : IAsyncDisposable
{
    /// <summary>Returns the apps that aren't deleted, sorted by name.</summary>
    Task<IReadOnlyList<App>> ListApps(CancellationToken cancel = default);

    /// <summary>Returns the app, even if it is a tombstone (<see cref="App.DeletedAt"/>), or null if it never existed.</summary>
    Task<App?> FindApp(AppName app, CancellationToken cancel = default);

    /// <summary>Creates an app, or revives a tombstone with its numbering. Fails with <see cref="ProblemCode.AppExists"/>.</summary>
    Task<App> CreateApp(AppName app, Event what, CancellationToken cancel = default);

    /// <summary>
    /// Removes the app's records except its events, and leaves a tombstone with the numbering. Fails with <see cref="ProblemCode.Busy"/>
    /// while a promotion is running.
    /// </summary>
    Task DeleteApp(AppName app, Event what, CancellationToken cancel = default);

    /// <summary>
    /// Changes the record of an app, except its releases, as it is at that moment. Fails with <see cref="ProblemCode.NoSuchApp"/>.
    /// </summary>
    Task<App> ChangeApp(AppName app, Func<App, App> change, Event what, CancellationToken cancel = default);

    /// <summary>Writes a new or changed build. A complete build isn't changed, because a release refers to it.</summary>
    Task SaveBuild(Build build, CancellationToken cancel = default);

    /// <summary>Records that a build is still running; one that has ended, or doesn't exist, isn't changed.</summary>
    Task RenewBuild(AppName app, BuildId id, DateTimeOffset now, CancellationToken cancel = default);

    /// <summary>Returns the build, or null if it doesn't exist.</summary>
    Task<Build?> FindBuild(AppName app, BuildId id, CancellationToken cancel = default);

    /// <summary>Returns builds, newest first.</summary>
    Task<IReadOnlyList<Build>> ListBuilds(AppName app, int limit, CancellationToken cancel = default);

    /// <summary>Stores a piece of a build's log; writing the same piece again replaces it.</summary>
    /// <param name="app">The app.</param>
    /// <param name="build">The build.</param>
    /// <param name="part">The number of the piece, from 0.</param>
    /// <param name="text">Whole lines, at most <see cref="Build.MaxLogPart"/> characters.</param>
    /// <param name="cancel">Cancels the write.</param>
    Task AppendBuildLog(AppName app, BuildId build, int part, string text, CancellationToken cancel = default);

    /// <summary>Returns the stored pieces of a build's log in order.</summary>
    /// <param name="app">The app.</param>
    /// <param name="build">The build.</param>
    /// <param name="from">The number of the first piece.</param>
    /// <param name="last">The number of pieces to return, which are those at the end.</param>
    /// <param name="cancel">Cancels the read.</param>
    Task<IReadOnlyList<string>> ReadBuildLog(
        AppName app, BuildId build, int from = 0, int last = int.MaxValue, CancellationToken cancel = default);

    /// <summary>
    /// Appends a release with everything that belongs to it in one write, on condition that the app isn't deleted, its
    /// <see cref="App.LastNumber"/> is the release's number less one, its latest release is still the one seen, and the releases that it
    /// takes its artifacts from weren't pruned; if its promotion starts with it, also on condition that the app isn't locked against
    /// promotions, no other one is open and the active release is still <see cref="ReleaseAddition.Active"/>. Returns false if another
    /// writer was first and nothing was written; the caller reads again and retries. Repeated for the promotion that has the lock, it
    /// returns true.
    /// </summary>
    Task<bool> TryAddRelease(ReleaseAddition addition, CancellationToken cancel = default);

    /// <summary>Returns the release, or null if it doesn't exist.</summary>
    Task<Release?> FindRelease(AppName app, ReleaseReference release, CancellationToken cancel = default);

    /// <summary>
    /// Returns releases, newest first, optionally only those below a number. The cost doesn't depend on how many there are.
    /// </summary>
    Task<IReadOnlyList<Release>> ListReleases(AppName app, int limit, long? below = null, CancellationToken cancel = default);

    /// <summary>
    /// Marks releases as pruned, and records on the app that their artifacts have to be removed, in one write, on condition that the app
    /// hasn't changed since it was seen (<see cref="App.IsPrunedLike"/>) and no promotion is running. Returns false if nothing was written.
    /// </summary>
    Task<bool> TryPrune(App seen, IReadOnlyList<Release> releases, Event what, CancellationToken cancel = default);

    /// <summary>Records on the app that the artifacts of these pruned releases were removed.</summary>
    Task EndPrune(AppName app, IReadOnlyList<ReleaseId> releases, CancellationToken cancel = default);

    /// <summary>Returns the text of a manifest; it exists for every id in a release.</summary>
    Task<string> ReadManifest(ManifestId id, CancellationToken cancel = default);

    /// <summary>
    /// Returns a document that a release of the app refers to (<see cref="EvidenceDocument.Compressed"/>), or null if it doesn't exist.
    /// </summary>
    Task<byte[]?> ReadDocument(AppName app, string digest, CancellationToken cancel = default);

    /// <summary>Returns a sealed environment snapshot; it exists for every id in a release.</summary>
    Task<byte[]> ReadSnapshot(AppName app, SnapshotId id, CancellationToken cancel = default);

    /// <summary>
    /// Takes the app's lock and writes the promotion, on condition that the app isn't locked against promotions and its active release is
    /// <see cref="Promotion.Previous"/>. Fails with <see cref="ProblemCode.Busy"/>, naming the holder of the lock, with
    /// <see cref="ProblemCode.AppLocked"/>, or with <see cref="ProblemCode.ChangedMeanwhile"/> if another release is active; the caller
    /// reads again. Repeated for the promotion that has the lock, it returns the lock, because the first response may have been lost.
    /// </summary>
    Task<PromotionLock> BeginPromotion(Promotion promotion, string owner, Event what, CancellationToken cancel = default);

    /// <summary>
    /// Transfers the lock to another driver, on condition that it is unchanged since it was seen. Returns null if it isn't.
    /// </summary>
    Task<PromotionLock?> TakeOver(PromotionLock seen, string owner, Event what, CancellationToken cancel = default);

    /// <summary>Returns the lock, or null if the app has none.</summary>
    Task<PromotionLock?> FindLock(AppName app, CancellationToken cancel = default);

    /// <summary>Increments the beat, on condition of the fencing token. Fails with <see cref="ProblemCode.Fenced"/>.</summary>
    Task<PromotionLock> RenewLock(PromotionLock held, DateTimeOffset now, CancellationToken cancel = default);

    /// <summary>
    /// Leaves the promotion to the rack's agents, on condition of the fencing token. Fails with <see cref="ProblemCode.Fenced"/>.
    /// </summary>
    Task OfferLock(PromotionLock held, CancellationToken cancel = default);

    /// <summary>
    /// Returns the apps with an open promotion, provided that the version that started it lists them: versions before 0.2 don't. The cost
    /// doesn't depend on how many apps there are.
    /// </summary>
    Task<IReadOnlyList<AppName>> ListPromoting(CancellationToken cancel = default);

    /// <summary>Writes a promotion, on condition of the lock's fencing token. Fails with <see cref="ProblemCode.Fenced"/>.</summary>
    Task SavePromotion(PromotionLock held, Promotion promotion, CancellationToken cancel = default);

    /// <summary>
    /// Writes a promotion's outcome, releases the lock, records the outcome on the release and, if it succeeded, moves
    /// <see cref="App.Active"/>: all in one write, on condition of the lock's fencing token. Fails with <see cref="ProblemCode.Fenced"/>.
    /// </summary>
    Task FinishPromotion(PromotionLock held, Promotion promotion, Event what, CancellationToken cancel = default);

    /// <summary>Requests on the lock that the promotion is cancelled. Returns false if it is no longer running.</summary>
    Task<bool> RequestCancel(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default);

    /// <summary>
    /// Requests on the lock that the promotion's rollback ends although it isn't finished. Returns false if it is no longer running.
    /// </summary>
    Task<bool> RequestEndOfRollback(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default);

    /// <summary>
    /// Records on the lock that the promotion is approved; only the first approval counts. Returns false if it is no longer running, if a
    /// cancel was requested before, or if the wait for an approval has ended.
    /// </summary>
    Task<bool> Approve(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default);

    /// <summary>
    /// Ends the wait for an approval unless there is one, and returns the lock, on condition of the fencing token. Fails with
    /// <see cref="ProblemCode.Fenced"/>.
    /// </summary>
    Task<PromotionLock> EndHold(PromotionLock held, CancellationToken cancel = default);

    /// <summary>Returns the promotion, or null if it doesn't exist.</summary>
    Task<Promotion?> FindPromotion(AppName app, PromotionId id, CancellationToken cancel = default);

    /// <summary>Returns promotions, newest first, optionally only those before a given one.</summary>
    Task<IReadOnlyList<Promotion>> ListPromotions(AppName app, int limit, PromotionId? before = null, CancellationToken cancel = default);

    /// <summary>
    /// Shortens the oldest promotions that aren't shortened yet (<see cref="Promotion.Shortened"/>), except the newest ones, and records
    /// the progress on the app, in one write. Returns the number of promotions that were shortened; 0 if none are left.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="keep">The number of the newest promotions to leave unchanged.</param>
    /// <param name="most">The maximum number of promotions to shorten.</param>
    /// <param name="cancel">Cancels the operation.</param>
    Task<int> ShortenPromotions(AppName app, int keep, int most, CancellationToken cancel = default);

    /// <summary>Returns events, newest first.</summary>
    Task<IReadOnlyList<Event>> ListEvents(AppName app, int limit, CancellationToken cancel = default);
}

/// <summary>Represents a release and everything that is written with it.</summary>
/// <param name="Release">The release.</param>
/// <param name="Seen">The app's latest release on which the caller based its decisions, or null if there was none.</param>
/// <param name="Event">The event, which names the creator.</param>
/// <param name="ManifestText">The text of its manifest, if it may be new to the store.</param>
/// <param name="Snapshot">Its sealed environment, if it is new.</param>
/// <param name="Build">The build that made it, now complete.</param>
/// <param name="Source">The source that the app was built from.</param>
public sealed record ReleaseAddition(
    Release Release, ReleaseId? Seen, Event Event, string? ManifestText = null, byte[]? Snapshot = null, Build? Build = null,
    AppSource? Source = null)
{
    /// <summary>The documents of its evidence; existing ones aren't changed.</summary>
    public IReadOnlyList<EvidenceDocument> Documents { get; init; } = [];

    /// <summary>
    /// The app's active release on which the caller based its decisions, or null if there was none. It matters only if its promotion starts
    /// in the same write.
    /// </summary>
    public ReleaseId? Active { get; init; }

    /// <summary>Its promotion, if it starts in the same write; otherwise null.</summary>
    public PromotionBeginning? Begins { get; init; }
}

/// <summary>Represents what is written when a promotion starts.</summary>
/// <param name="Promotion">The promotion.</param>
/// <param name="Owner">The driver.</param>
/// <param name="Event">The event, which names who started it.</param>
public sealed record PromotionBeginning(Promotion Promotion, string Owner, Event Event);
