using Microsoft.Data.Sqlite;

namespace Releases.Local;

public sealed partial class SqliteReleaseStore
{
    public Task<PromotionLock> BeginPromotion(Promotion promotion, string owner, Event what, CancellationToken cancel = default) =>
        _database.Write(
        c =>
        {
            var app = ExistingApp(c, promotion.App);
            if (Lock(c, promotion.App) is { } held) return held.Promotion == promotion.Id ? held : throw held.Busy().ToException();
            app.RequireReadyFor(promotion);
            return Begin(c, new(promotion, owner, what));
        },
        cancel);

    public Task<PromotionLock?> TakeOver(PromotionLock seen, string owner, Event what, CancellationToken cancel = default) =>
        _database.Write(
        c =>
        {
            if (Lock(c, seen.App) is not { } stored || !seen.Holds(stored) || stored.Beat != seen.Beat) return null;
            var taken = stored.TakenOverBy(owner);
            Save(c, taken);
            Append(c, seen.App, what);
            return taken;
        },
        cancel);

    public Task<PromotionLock?> FindLock(AppName app, CancellationToken cancel = default) => _database.Read(c => Lock(c, app), cancel);

    public Task<PromotionLock> RenewLock(PromotionLock held, DateTimeOffset now, CancellationToken cancel = default) => _database.WriteBeat(
        c =>
        {
            var renewed = StoredLock(c, held).Renewed(now);
            Save(c, renewed);
            return renewed;
        },
        cancel);

    public Task OfferLock(PromotionLock held, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            Save(c, StoredLock(c, held).Offered());
        },
        cancel);

    public Task<IReadOnlyList<AppName>> ListPromoting(CancellationToken cancel = default) => _database.Read(
        c => c.All("SELECT app FROM locks ORDER BY app", r => AppName.Parse(r.GetString(0))), cancel);

    public Task SavePromotion(PromotionLock held, Promotion promotion, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            StoredLock(c, held);
            Save(c, promotion);
        },
        cancel);

    public Task FinishPromotion(PromotionLock held, Promotion promotion, Event what, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            StoredLock(c, held);
            Save(c, promotion);
            Save(c, ExistingApp(c, held.App).After(promotion));
            c.Execute(
                "UPDATE releases SET outcome = $3 WHERE app = $1 AND id = $2", held.App.ToString(), promotion.Release.ToString(),
                Text(promotion.Status, StoreJson.Default.PromotionStatus).Trim('"'));
            c.Execute("DELETE FROM locks WHERE app = $1", held.App.ToString());
            Append(c, held.App, what);
        },
        cancel);

    public Task<bool> RequestCancel(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithCancelBy(what.By), what, cancel);

    public Task<bool> RequestEndOfRollback(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithRollbackEndBy(what.By), what, cancel);

    public Task<bool> Approve(AppName app, PromotionId promotion, Event what, CancellationToken cancel = default) =>
        ChangeLock(app, promotion, held => held.WithApprovalBy(what.By), what, cancel);

    public Task<PromotionLock> EndHold(PromotionLock held, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            var ended = StoredLock(c, held).WithHoldEnded();
            Save(c, ended);
            return ended;
        },
        cancel);

    private Task<bool> ChangeLock(
        AppName app, PromotionId promotion, Func<PromotionLock, PromotionLock?> change, Event what, CancellationToken cancel) =>
            _database.Write(
        c =>
        {
            if (Lock(c, app) is not { } held || held.Promotion != promotion || change(held) is not { } changed) return false;
            Save(c, changed);
            Append(c, app, what);
            return true;
        },
        cancel);

    public Task<Promotion?> FindPromotion(AppName app, PromotionId id, CancellationToken cancel = default) => _database.Read(
        c => c.First(
            "SELECT document FROM promotions WHERE app = $1 AND id = $2",
            r => Parse(r, StoreJson.Default.Promotion), app.ToString(), id.ToString()),
        cancel);

    public Task<IReadOnlyList<Promotion>> ListPromotions(
        AppName app, int limit, PromotionId? before = null, CancellationToken cancel = default) => _database.Read(
        c => before is { } id
            ? c.All(
                """
                SELECT document FROM promotions
                WHERE app = $1 AND sequence < (SELECT sequence FROM promotions WHERE app = $1 AND id = $2)
                ORDER BY sequence DESC LIMIT $3
                """,
                r => Parse(r, StoreJson.Default.Promotion), app.ToString(), id.ToString(), limit)
            : c.All(
                "SELECT document FROM promotions WHERE app = $1 ORDER BY sequence DESC LIMIT $2",
                r => Parse(r, StoreJson.Default.Promotion), app.ToString(), limit),
        cancel);

    public Task<int> ShortenPromotions(AppName app, int keep, int most, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            if (App(c, app) is not { DeletedAt: null } there) return 0;
            var old = c.All(
                """
                SELECT document FROM promotions
                WHERE app = $1 AND sequence > coalesce((SELECT sequence FROM promotions WHERE app = $1 AND id = $2), 0)
                    AND sequence <= (SELECT sequence FROM promotions WHERE app = $1 ORDER BY sequence DESC LIMIT 1 OFFSET $3)
                ORDER BY sequence LIMIT $4
                """,
                r => Parse(r, StoreJson.Default.Promotion), app.ToString(), there.ShortenedTo?.ToString() ?? "", keep, most);
            if (old.Count == 0) return 0;
            foreach (var promotion in old) Save(c, promotion.Shortened());
            Save(c, there with { ShortenedTo = old[^1].Id });
            return old.Count;
        },
        cancel);

    private static PromotionLock Begin(SqliteConnection connection, PromotionBeginning begins)
    {
        var taken = PromotionLock.For(begins.Promotion, begins.Owner);
        Save(connection, taken);
        Save(connection, begins.Promotion);
        Append(connection, taken.App, begins.Event);
        return taken;
    }

    private static PromotionLock? Lock(SqliteConnection connection, AppName app) => connection.First(
        "SELECT document FROM locks WHERE app = $1", r => Parse(r, StoreJson.Default.PromotionLock), app.ToString());

    private static PromotionLock StoredLock(SqliteConnection connection, PromotionLock held) =>
        Lock(connection, held.App) is { } stored && held.Holds(stored) ? stored : throw held.Fenced().ToException();

    private static void Save(SqliteConnection connection, PromotionLock taken) => connection.Execute(
        "INSERT INTO locks (app, document) VALUES ($1, $2) ON CONFLICT (app) DO UPDATE SET document = excluded.document",
        taken.App.ToString(), Text(taken, StoreJson.Default.PromotionLock));

    private static void Save(SqliteConnection connection, Promotion promotion) => connection.Execute(
        "INSERT INTO promotions (app, id, document) VALUES ($1, $2, $3) ON CONFLICT (app, id) DO UPDATE SET document = excluded.document",
        promotion.App.ToString(), promotion.Id.ToString(), Text(promotion, StoreJson.Default.Promotion));
}
