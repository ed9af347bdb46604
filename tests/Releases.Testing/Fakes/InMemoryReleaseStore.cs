using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Releases.Testing;

/// <summary>
/// A release store in memory. Every document is kept as its JSON, so that nothing is shared by reference with whoever
/// wrote or read it. It passes the same contract as the stores it stands for.
/// </summary>
public sealed partial class InMemoryReleaseStore : IReleaseStore, IHookStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AppName, Records> _apps = [];
    private readonly Dictionary<ManifestId, string> _manifests = [];

    public Task<IReadOnlyList<App>> ListApps(CancellationToken cancel = default) => Do<IReadOnlyList<App>>(
        () => [.. _apps.Values.Select(r => r.App).Where(a => a is { DeletedAt: null }).Select(a => a!).OrderBy(a => a.Name)], cancel);

    public Task<App?> FindApp(AppName app, CancellationToken cancel = default) => Do(() => Of(app).App, cancel);

    public Task<App> CreateApp(AppName app, Event what, CancellationToken cancel = default) => Do(() =>
    {
        var before = Of(app).App;
        if (before is { DeletedAt: null }) throw AppExists(app);
        Of(app).App = before?.Revived(what) ?? App.New(app, what);
        Of(app).Append(what);
        return Of(app).App!;
    }, cancel);

    public Task DeleteApp(AppName app, Event what, CancellationToken cancel = default) => Do(() =>
    {
        var before = Existing(app);
        if (Of(app).Lock is { } held) throw held.Busy().ToException();
        var events = Of(app).Events;
        _apps[app] = new() { App = before.Deleted(what), Events = events };
        Of(app).Append(what);
    }, cancel);

    public Task<App> ChangeApp(AppName app, Func<App, App> change, Event what, CancellationToken cancel = default) => Do(() =>
    {
        var changed = change(Existing(app));
        Of(app).App = changed;
        Of(app).Append(what);
        return changed;
    }, cancel);

    public Task<bool> TryAddRelease(ReleaseAddition addition, CancellationToken cancel = default) => Do(() =>
    {
        var (release, records) = (addition.Release, Of(addition.Release.App));
        if (addition.Begins is { } its && records.Lock is { } held) return held.Promotion == its.Promotion.Id;
        if (records.App is not { DeletedAt: null } app || app.LastNumber != release.Number - 1 || app.Latest != addition.Seen
            || (addition.Begins is not null && !app.IsReadyToReplace(addition.Active))
            || records.AllReleases().Any(r => release.Sources.Contains(r.Id) && r.PrunedAt is not null)) return false;
        records.App = app.From(addition.Source) with { LastNumber = release.Number, Latest = release.Id };
        records.Releases.Add((release.Id, release.Number, Write(release, StoreJson.Default.Release)));
        if (release.Manifest is { } manifest && addition.ManifestText is { } text) _manifests[manifest] = text;
        if (release.Environment is { } snapshot && addition.Snapshot is { } bytes) records.Snapshots[snapshot] = [.. bytes];
        foreach (var document in addition.Documents) records.Documents[document.Digest] = [.. document.Compressed];
        if (addition.Build is { } build) records.Save(build);
        records.Append(addition.Event);
        if (addition.Begins is { } begins) records.Begin(begins);
        return true;
    }, cancel);

    public Task<bool> TryPrune(App seen, IReadOnlyList<Release> releases, Event what, CancellationToken cancel = default) => Do(() =>
    {
        var records = Of(seen.Name);
        if (records.App is not { } app || !app.IsPrunedLike(seen) || records.Lock is not null) return false;
        records.App = app with { Pruning = [.. app.Pruning, .. releases.Select(r => r.Id)] };
        foreach (var release in releases)
        {
            var at = records.Releases.FindIndex(r => r.Id == release.Id);
            records.Releases[at] = records.Releases[at] with
            { Json = Write(release with { PrunedAt = what.At }, StoreJson.Default.Release) };
        }

        records.Append(what);
        return true;
    }, cancel);

    public Task EndPrune(AppName app, IReadOnlyList<ReleaseId> releases, CancellationToken cancel = default) => Do(() =>
    {
        var records = Of(app);
        if (records.App is { } there) records.App = there with { Pruning = [.. there.Pruning.Except(releases)] };
    }, cancel);

    public Task<Release?> FindRelease(AppName app, ReleaseReference release, CancellationToken cancel = default) => Do(() =>
        Of(app).AllReleases().FirstOrDefault(r => release.Id is { } id ? r.Id == id : r.Number == release.Number), cancel);

    public Task<IReadOnlyList<Release>> ListReleases(AppName app, int limit, long? below = null, CancellationToken cancel = default) =>
        Do<IReadOnlyList<Release>>(() => [.. Of(app).AllReleases().Reverse().Where(r => below is null || r.Number < below).Take(limit)],
            cancel);

    public Task<string> ReadManifest(ManifestId id, CancellationToken cancel = default) => Do(() => _manifests[id], cancel);

    public Task<byte[]?> ReadDocument(AppName app, string digest, CancellationToken cancel = default) => Do(
        () => Of(app).Documents.TryGetValue(digest, out var content) ? content : null, cancel);

    public Task<byte[]> ReadSnapshot(AppName app, SnapshotId id, CancellationToken cancel = default) =>
        Do<byte[]>(() => [.. Of(app).Snapshots[id]], cancel);

    public Task<PromotionLock> BeginPromotion(Promotion promotion, string owner, Event what, CancellationToken cancel = default) => Do(() =>
    {
        var (app, records) = (Existing(promotion.App), Of(promotion.App));
        if (records.Lock is { } held) return held.Promotion == promotion.Id ? held : throw held.Busy().ToException();
        app.RequireReadyFor(promotion);
        return records.Begin(new(promotion, owner, what));
    }, cancel);

    public Task<PromotionLock?> TakeOver(PromotionLock seen, string owner, Event what, CancellationToken cancel = default) => Do(() =>
    {
        var records = Of(seen.App);
        if (records.Lock is not { } held || !seen.Holds(held) || held.Beat != seen.Beat) return null;
        records.Lock = held.TakenOverBy(owner);
        records.Append(what);
        return records.Lock;
    }, cancel);

    public Task<PromotionLock?> FindLock(AppName app, CancellationToken cancel = default) => Do(() => Of(app).Lock, cancel);

    public Task<PromotionLock> RenewLock(PromotionLock held, DateTimeOffset now, CancellationToken cancel = default) => Do(() =>
    {
        var records = Of(held.App);
        records.Lock = Held(held).Renewed(now);
        return records.Lock!;
    }, cancel);

    public Task OfferLock(PromotionLock held, CancellationToken cancel = default) => Do(() =>
    {
        Of(held.App).Lock = Held(held).Offered();
    }, cancel);

    public Task<IReadOnlyList<AppName>> ListPromoting(CancellationToken cancel = default) =>
        Do<IReadOnlyList<AppName>>(() => [.. _apps.Where(a => a.Value.Lock is not null).Select(a => a.Key).Order()], cancel);

    public Task SavePromotion(PromotionLock held, Promotion promotion, CancellationToken cancel = default) => Do(() =>
    {
        Held(held);
        Of(held.App).Save(promotion);
    }, cancel);

    public Task FinishPromotion(PromotionLock held, Promotion promotion, Event what, CancellationToken cancel = default) => Do(() =>
    {
        Held(held);
        var records = Of(held.App);
        records.Save(promotion);
        records.Lock = null;
        records.Outcomes[promotion.Release] = promotion.Status;
        records.App = Existing(held.App).After(promotion);
        records.Append(what);
    }, cancel);

    public Task<bool> RequestCancel(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithCancelBy(what.By), what, cancel);

    public Task<bool> RequestEndOfRollback(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithRollbackEndBy(what.By), what, cancel);

    public Task<bool> Approve(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithApprovalBy(what.By), what, cancel);

    public Task<PromotionLock> EndHold(PromotionLock held, CancellationToken cancel = default) => Do(() =>
    {
        var records = Of(held.App);
        records.Lock = Held(held).WithHoldEnded();
        return records.Lock!;
    }, cancel);

    private Task<bool> ChangeLock(
        AppName app, PromotionId promotion, Func<PromotionLock, PromotionLock?> change, Event what, CancellationToken cancel) => Do(() =>
    {
        var records = Of(app);
        if (records.Lock is not { } held || held.Promotion != promotion || change(held) is not { } changed) return false;
        records.Lock = changed;
        records.Append(what);
        return true;
    }, cancel);

    public Task<Promotion?> FindPromotion(AppName app, PromotionId id, CancellationToken cancel = default) =>
        Do(() => Of(app).AllPromotions().FirstOrDefault(p => p.Id == id), cancel);

    public Task<IReadOnlyList<Promotion>> ListPromotions(
        AppName app, int limit, PromotionId? before = null, CancellationToken cancel = default) => Do<IReadOnlyList<Promotion>>(() =>
    {
        var newest = Of(app).AllPromotions().Reverse();
        if (before is { } id) newest = newest.SkipWhile(p => p.Id != id).Skip(1);
        return [.. newest.Take(limit)];
    }, cancel);

    public Task<int> ShortenPromotions(AppName app, int keep, int most, CancellationToken cancel = default) => Do(() =>
    {
        var records = Of(app);
        if (records.App is not { DeletedAt: null } there) return 0;
        var from = records.Promotions.FindIndex(p => p.Key == there.ShortenedTo) + 1;
        var count = Math.Clamp(records.Promotions.Count - keep - from, 0, most);
        foreach (var promotion in records.AllPromotions().Skip(from).Take(count).ToList()) records.Save(promotion.Shortened());
        if (count > 0) records.App = there with { ShortenedTo = records.Promotions[from + count - 1].Key };
        return count;
    }, cancel);

    public Task<IReadOnlyList<Event>> ListEvents(AppName app, int limit, CancellationToken cancel = default) => Do<IReadOnlyList<Event>>(
        () => [.. Enumerable.Reverse(Of(app).Events).Take(limit).Select(e => Read(e, StoreJson.Default.Event))], cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type);

    private static T Read<T>(string json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;

    private static ProblemException AppExists(AppName app) =>
        new Problem(ProblemCode.AppExists, $"there is already an app '{app}' on this rack.",
            Remedy.FromString("Choose another name, or use that app.")
                .Or(Remedy.Do(Operation.ListApps, "List apps"))).ToException();

    private Records Of(AppName app) => _apps.TryGetValue(app, out var records) ? records : _apps[app] = new();

    private App Existing(AppName app) => Of(app).App is { DeletedAt: null } existing
        ? existing
        : throw RequiredRecords.NoSuchApp(app).ToException();

    private PromotionLock Held(PromotionLock held) =>
        Of(held.App).Lock is { } stored && held.Holds(stored) ? stored : throw held.Fenced().ToException();

    private Task<bool> Do(Action work, CancellationToken cancel) => Do(() => { work(); return true; }, cancel);

    private Task<T> Do<T>(Func<T> work, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Task.FromCanceled<T>(cancel);
        lock (_gate)
        {
            try
            {
                return Task.FromResult(work());
            }
            catch (Exception e) when (e is ProblemException or KeyNotFoundException)
            {
                return Task.FromException<T>(e);
            }
        }
    }
}
