using Microsoft.Data.Sqlite;

namespace Releases.Local;

public sealed partial class SqliteReleaseStore
{
    public Task<IReadOnlyList<App>> ListApps(CancellationToken cancel = default) => _database.Read(Apps, cancel);

    /// <summary>Returns the names of all apps, also deleted ones and those whose records can't be read.</summary>
    internal Task<IReadOnlyList<AppName>> ListAppNames(CancellationToken cancel) => _database.Read<IReadOnlyList<AppName>>(
        c => c.All("SELECT name FROM apps ORDER BY name", r => AppName.Parse(r.GetString(0))), cancel);

    public Task<App?> FindApp(AppName app, CancellationToken cancel = default) => _database.Read(c => App(c, app), cancel);

    public Task<App> CreateApp(AppName app, Event what, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            var before = App(c, app);
            if (before is { DeletedAt: null })
            {
                throw new Problem(
                    ProblemCode.AppExists, $"there is already an app '{app}' on this rack.",
                    Remedy.FromString("Choose another name, or use that app.")
                        .Or(Remedy.Do(Operation.ListApps, "List apps"))).ToException();
            }

            var made = before?.Revived(what) ?? Releases.App.New(app, what);
            Save(c, made);
            Append(c, app, what);
            return made;
        },
        cancel);

    public Task DeleteApp(AppName app, Event what, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            var before = ExistingApp(c, app);
            if (Lock(c, app) is { } held) throw held.Busy().ToException();
            c.Execute(
                """
                DELETE FROM releases WHERE app = $1;
                DELETE FROM builds WHERE app = $1;
                DELETE FROM build_logs WHERE app = $1;
                DELETE FROM documents WHERE app = $1;
                DELETE FROM promotions WHERE app = $1;
                DELETE FROM snapshots WHERE app = $1;
                """,
                app.ToString());
            Save(c, before.Deleted(what));
            Append(c, app, what);
        },
        cancel);

    public Task<App> ChangeApp(AppName app, Func<App, App> change, Event what, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            var changed = change(ExistingApp(c, app));
            Save(c, changed);
            Append(c, app, what);
            return changed;
        },
        cancel);

    private static App? App(SqliteConnection connection, AppName app) => connection.First(
        "SELECT document FROM apps WHERE name = $1", r => Parse(r, StoreJson.Default.App), app.ToString());

    private static App ExistingApp(SqliteConnection connection, AppName app) => App(connection, app) is { DeletedAt: null } existing
        ? existing
        : throw RequiredRecords.NoSuchApp(app).ToException();

    private static void Save(SqliteConnection connection, App app) => connection.Execute(
        "INSERT INTO apps (name, document) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET document = excluded.document",
        app.Name.ToString(), Text(app, StoreJson.Default.App));

    private static IReadOnlyList<App> Apps(SqliteConnection connection) =>
        [.. connection.All("SELECT document FROM apps ORDER BY name", r => Parse(r, StoreJson.Default.App))
            .Where(a => a.DeletedAt is null)];
}
