using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Releases.Local;

public sealed partial class SqliteReleaseStore
{
    /// <summary>
    /// Returns the digests of the artifacts of all releases that aren't pruned, or null if a newer version wrote some release, which may
    /// name them differently.
    /// </summary>
    internal Task<IReadOnlySet<string>?> NamedArtifacts(CancellationToken cancel) =>
        NamedArtifacts(default, new HashSet<ReleaseId>(), cancel);

    /// <summary>Returns the digests as if some releases of an app were pruned too.</summary>
    internal Task<IReadOnlySet<string>?> NamedArtifacts(AppName app, IReadOnlySet<ReleaseId> going, CancellationToken cancel) =>
        _database.Read<IReadOnlySet<string>?>(c => Named(c, app, going), cancel);

    /// <summary>Returns an artifact as a release describes it, or null if none has it.</summary>
    internal Task<Artifact?> FindArtifact(string digest, CancellationToken cancel) => _database.Read(
        c => c.First(
            """
            SELECT json_extract(service.value, '$.artifact') FROM releases, json_each(releases.document, '$.services') service
            WHERE json_extract(service.value, '$.artifact.digest') = $1 LIMIT 1
            """,
            r => JsonSerializer.Deserialize(r.GetString(0), StoreJson.Default.Artifact)!, digest),
        cancel);

    /// <summary>
    /// Runs work with the digests of all named artifacts while no build can begin. Returns false if a build is running, which may have
    /// stored or found an artifact for a release that isn't recorded yet. A build without a heartbeat for minutes counts as ended.
    /// </summary>
    internal Task<bool> WhileNoneIsBuilt(
        DateTimeOffset now, Action<IReadOnlySet<string>> work, CancellationToken cancel) => _database.Write(
        c =>
        {
            var running = c.All(
                "SELECT document FROM builds WHERE json_extract(document, '$.status') = 'running'", r => Parse(r, StoreJson.Default.Build));
            if (running.Any(b => b.AsOf(now).Status == BuildStatus.Running) || Named(c, default, new HashSet<ReleaseId>()) is not { } named)
                return false;
            work(named);
            return true;
        },
        cancel);

    private static HashSet<string>? Named(SqliteConnection connection, AppName app, IReadOnlySet<ReleaseId> going)
    {
        const string newer = "SELECT id FROM releases WHERE json_extract(document, '$.format') > $1 LIMIT 1";
        if (connection.First(newer, r => r.GetString(0), StoredDocument.CurrentFormat) is not null) return null;
        const string digests = """
            SELECT DISTINCT json_extract(service.value, '$.artifact.digest'),
                CASE WHEN releases.app = $1 THEN releases.id ELSE '' END
            FROM releases, json_each(releases.document, '$.services') service
            WHERE json_extract(service.value, '$.artifact.digest') IS NOT NULL AND json_extract(releases.document, '$.prunedAt') IS NULL
            """;
        var gone = going.Select(r => r.ToString()).ToHashSet(StringComparer.Ordinal);
        var named = connection.All(digests, r => (Digest: r.GetString(0), Release: r.GetString(1)), going.Count == 0 ? "" : app.ToString());
        return named.Where(n => !gone.Contains(n.Release)).Select(n => n.Digest).ToHashSet(StringComparer.Ordinal);
    }
}
