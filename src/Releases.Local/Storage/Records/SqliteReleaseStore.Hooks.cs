using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Releases.Local;

public sealed partial class SqliteReleaseStore
{
    private const string PositionFormat = "d19";

    public Task<IReadOnlyList<Hook>> ListHooks(
        Action<ProblemException>? unreadable = null, CancellationToken cancel = default) => _database.Read<IReadOnlyList<Hook>>(
        c => HasHooks(c)
            ? [.. StoredHooks.Read(c.All("SELECT document FROM hooks ORDER BY app, sequence", r => r.GetString(0)), unreadable)] : [],
        cancel);

    public Task AddHook(Hook hook, Event what, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            ExistingApp(c, hook.App);
            c.Execute(
                "INSERT INTO hooks (app, id, document) VALUES ($1, $2, $3)", hook.App.ToString(), hook.Id.ToString(),
                Text(hook, StoreJson.Default.Hook));
            Append(c, hook.App, what);
        },
        cancel);

    public Task<bool> RemoveHook(AppName app, HookId hook, Event? what, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            if (c.Execute("DELETE FROM hooks WHERE app = $1 AND id = $2", app.ToString(), hook.ToString()) == 0) return false;
            if (what is not null) Append(c, app, what);
            return true;
        },
        cancel);

    public Task<HookProgress?> FindProgress(AppName app, HookId hook, CancellationToken cancel = default) =>
        _database.Read(c => Progress(c, app, hook), cancel);

    public Task<bool> TrySaveProgress(HookProgress progress, CancellationToken cancel = default) => _database.Write(
        c => (Progress(c, progress.App, progress.Hook)?.Revision ?? 0) == progress.Revision - 1 && c.Execute(
            "UPDATE hooks SET progress = $3 WHERE app = $1 AND id = $2", progress.App.ToString(), progress.Hook.ToString(),
            Text(progress, StoreJson.Default.HookProgress)) > 0,
        cancel);

    /// <summary>
    /// Returns the events after a position. Writes are serialized, so the order of the sequence numbers is the order in which events become
    /// visible.
    /// </summary>
    public Task<IReadOnlyList<LoggedEvent>> EventsAfter(AppName app, string? position, int limit, CancellationToken cancel = default) =>
        _database.Read(
        c => c.All(
            "SELECT document, sequence FROM events WHERE app = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
            r => new LoggedEvent(Position(r.GetInt64(1)), Parse(r, StoreJson.Default.Event)),
            app.ToString(), position is null ? 0 : long.Parse(position, CultureInfo.InvariantCulture), limit),
        cancel);

    public Task<string?> LastPosition(AppName app, CancellationToken cancel = default) => _database.Read(
        c => c.First(
            "SELECT sequence FROM events WHERE app = $1 ORDER BY sequence DESC LIMIT 1", r => Position(r.GetInt64(0)), app.ToString()),
        cancel);

    /// <summary>
    /// Determines whether the table exists. A rack of an older version that is read-only because its disk is full lacks it.
    /// </summary>
    private static bool HasHooks(SqliteConnection connection) => connection.First(Schema.HasHooks, r => r.GetString(0)) == "1";

    private static string Position(long sequence) => sequence.ToString(PositionFormat, CultureInfo.InvariantCulture);

    private static HookProgress? Progress(SqliteConnection connection, AppName app, HookId hook) => connection.First(
        "SELECT progress FROM hooks WHERE app = $1 AND id = $2 AND progress IS NOT NULL",
        r => Parse(r, StoreJson.Default.HookProgress), app.ToString(), hook.ToString());
}
