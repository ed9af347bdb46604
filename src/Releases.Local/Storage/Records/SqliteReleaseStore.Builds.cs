using Microsoft.Data.Sqlite;

namespace Releases.Local;

public sealed partial class SqliteReleaseStore
{
    public Task SaveBuild(Build build, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            if (Build(c, build.App, build.Id) is not { Status: BuildStatus.Complete }) Save(c, build);
        },
        cancel);

    public Task RenewBuild(AppName app, BuildId id, DateTimeOffset now, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            if (Build(c, app, id) is { Status: BuildStatus.Running } build) Save(c, build with { HeardAt = now });
        },
        cancel);

    public Task<Build?> FindBuild(AppName app, BuildId id, CancellationToken cancel = default) =>
        _database.Read(c => Build(c, app, id), cancel);

    public Task<IReadOnlyList<Build>> ListBuilds(AppName app, int limit, CancellationToken cancel = default) => _database.Read(
        c => c.All("SELECT document FROM builds WHERE app = $1 ORDER BY sequence DESC LIMIT $2",
            r => Parse(r, StoreJson.Default.Build), app.ToString(), limit),
        cancel);

    public Task AppendBuildLog(AppName app, BuildId build, int part, string text, CancellationToken cancel = default) => _database.Write(
        c => c.Execute(
            "INSERT INTO build_logs (app, build, part, text) VALUES ($1, $2, $3, $4) ON CONFLICT (app, "
                + "build, part) DO UPDATE SET text = excluded.text",
            app.ToString(), build.ToString(), part, text),
        cancel);

    public async Task<IReadOnlyList<string>> ReadBuildLog(
        AppName app, BuildId build, int from = 0, int last = int.MaxValue, CancellationToken cancel = default) =>
        [.. (await _database.Read(
        c => c.All(
            "SELECT text FROM build_logs WHERE app = $1 AND build = $2 AND part >= $3 ORDER BY part DESC LIMIT $4", r => r.GetString(0),
            app.ToString(), build.ToString(), from, last),
        cancel)).Reverse()];

    private static Build? Build(SqliteConnection connection, AppName app, BuildId id) => connection.First(
        "SELECT document FROM builds WHERE app = $1 AND id = $2", r => Parse(r, StoreJson.Default.Build), app.ToString(), id.ToString());

    private static void Save(SqliteConnection connection, Build build) => connection.Execute(
        "INSERT INTO builds (app, id, document) VALUES ($1, $2, $3) ON CONFLICT (app, id) DO UPDATE SET document = excluded.document",
        build.App.ToString(), build.Id.ToString(), Text(build, StoreJson.Default.Build));
}
