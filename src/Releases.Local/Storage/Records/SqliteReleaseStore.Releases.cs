using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Releases.Local;

public sealed partial class SqliteReleaseStore
{
    public Task<bool> TryAddRelease(ReleaseAddition addition, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            var release = addition.Release;
            if (addition.Begins is { } its && Lock(c, release.App) is { } held) return held.Promotion == its.Promotion.Id;
            if (App(c, release.App) is not { DeletedAt: null } app
                || app.LastNumber != release.Number - 1 || app.Latest != addition.Seen || IsPruned(c, release)
                || (addition.Begins is not null && !app.IsReadyToReplace(addition.Active))) return false;

            Save(c, app.From(addition.Source) with { LastNumber = release.Number, Latest = release.Id });
            c.Execute(
                "INSERT INTO releases (app, number, id, document) VALUES ($1, $2, $3, $4)",
                release.App.ToString(), release.Number, release.Id.ToString(), Text(release, StoreJson.Default.Release));
            if (release.Manifest is { } manifest && addition.ManifestText is { } text)
                c.Execute("INSERT OR IGNORE INTO manifests (id, text) VALUES ($1, $2)", manifest.ToString(), text);
            if (release.Environment is { } environment && addition.Snapshot is { } snapshot)
            {
                c.Execute(
                    "INSERT INTO snapshots (app, id, sealed) VALUES ($1, $2, $3)", release.App.ToString(),
                    environment.ToString(), snapshot);
            }

            foreach (var document in addition.Documents)
                c.Execute(
                    "INSERT OR IGNORE INTO documents (app, digest, content) VALUES ($1, $2, $3)", release.App.ToString(),
                    document.Digest, document.Compressed);
            if (addition.Build is { } build) Save(c, build);
            Append(c, release.App, addition.Event);
            if (addition.Begins is { } begins) Begin(c, begins);
            return true;
        },
        cancel);

    public Task<Release?> FindRelease(AppName app, ReleaseReference release, CancellationToken cancel = default) => _database.Read(
        c => release.Id is { } id
            ? c.First("SELECT document, outcome FROM releases WHERE app = $1 AND id = $2", ParseRelease, app.ToString(), id.ToString())
            : c.First("SELECT document, outcome FROM releases WHERE app = $1 AND number = $2", ParseRelease,
                app.ToString(), release.Number),
        cancel);

    public Task<IReadOnlyList<Release>> ListReleases(AppName app, int limit, long? below = null, CancellationToken cancel = default) =>
        _database.Read(
        c => c.All(
            "SELECT document, outcome FROM releases WHERE app = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
            ParseRelease, app.ToString(), below ?? long.MaxValue, limit),
        cancel);

    public Task<string> ReadManifest(ManifestId id, CancellationToken cancel = default) => _database.Read(
        c => c.First("SELECT text FROM manifests WHERE id = $1", r => r.GetString(0), id.ToString())
            ?? throw new JsonException($"There is no manifest {id}."),
        cancel);

    public Task<byte[]?> ReadDocument(AppName app, string digest, CancellationToken cancel = default) => _database.Read(
        c => c.First(
            "SELECT content FROM documents WHERE app = $1 AND digest = $2", r => r.GetFieldValue<byte[]>(0), app.ToString(), digest),
        cancel);

    public Task<byte[]> ReadSnapshot(AppName app, SnapshotId id, CancellationToken cancel = default) => _database.Read(
        c => c.First("SELECT sealed FROM snapshots WHERE app = $1 AND id = $2", r => r.GetFieldValue<byte[]>(0),
            app.ToString(), id.ToString())
            ?? throw new JsonException($"There is no environment {id} of {app}."),
        cancel);

    public Task<bool> TryPrune(
        App seen, IReadOnlyList<Release> releases, Event what, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            if (App(c, seen.Name) is not { } app || !app.IsPrunedLike(seen) || Lock(c, seen.Name) is not null) return false;
            Save(c, app with { Pruning = [.. app.Pruning, .. releases.Select(r => r.Id)] });
            foreach (var release in releases)
                c.Execute(
                    "UPDATE releases SET document = $3 WHERE app = $1 AND number = $2", release.App.ToString(), release.Number,
                    Text(release with { PrunedAt = what.At }, StoreJson.Default.Release));
            Append(c, seen.Name, what);
            return true;
        },
        cancel);

    public Task EndPrune(AppName app, IReadOnlyList<ReleaseId> releases, CancellationToken cancel = default) => _database.Write(
        c =>
        {
            if (App(c, app) is { } there) Save(c, there with { Pruning = [.. there.Pruning.Except(releases)] });
        },
        cancel);

    /// <summary>Determines whether a release from which this one takes its artifacts has been pruned.</summary>
    private static bool IsPruned(SqliteConnection connection, Release release) => release.Sources.Any(source => connection.First(
        "SELECT id FROM releases WHERE app = $1 AND id = $2 AND json_extract(document, '$.prunedAt') IS NOT NULL", r => r.GetString(0),
        release.App.ToString(), source.ToString()) is not null);

    /// <summary>Determines whether anything is sealed in this rack, other than what has been deleted.</summary>
    internal Task<bool> HasSnapshots() => _database.Read(HasSnapshots, default);

    private static bool HasSnapshots(SqliteConnection connection) =>
        connection.First("SELECT id FROM snapshots LIMIT 1", r => r.GetString(0)) is not null
        || (HasHooks(connection) && connection.First("SELECT id FROM hooks LIMIT 1", r => r.GetString(0)) is not null);

    /// <summary>Parses a release. Its outcome is the only part that changes, so it is in a column beside the document.</summary>
    private static Release ParseRelease(SqliteDataReader row)
    {
        var release = Parse(row, StoreJson.Default.Release);
        return row.IsDBNull(1)
            ? release
            : release with { LastOutcome = JsonSerializer.Deserialize($"\"{row.GetString(1)}\"", StoreJson.Default.PromotionStatus) };
    }
}
