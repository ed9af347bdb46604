using Microsoft.Data.Sqlite;

namespace Releases.Local;

public sealed partial class SqliteReleaseStore
{
    /// <summary>
    /// The digests of the artifacts that releases have; null: some release is of a newer version, which may name them otherwise.
    /// </summary>
    internal Task<IReadOnlySet<string>?> NamedArtifacts(CancellationToken cancel) => _database.Read(Named, cancel);

    /// <summary>
    /// Does something with the artifacts that no release has, while no build can begin; false: a build is running, which may have
    /// stored an artifact, or found it stored, whose release isn't recorded yet. A build that is silent for minutes has ended.
    /// </summary>
    internal Task<bool> WhileNoneIsBuilt(
        DateTimeOffset now, Action<IReadOnlySet<string>> work, CancellationToken cancel) => _database.Write(
        c =>
        {
            var running = c.All(
                "SELECT document FROM builds WHERE json_extract(document, '$.status') = 'running'", r => Parse(r, StoreJson.Default.Build));
            if (running.Any(b => b.AsOf(now).Status == BuildStatus.Running) || Named(c) is not { } named) return false;
            work(named);
            return true;
        },
        cancel);

    private static IReadOnlySet<string>? Named(SqliteConnection connection)
    {
        const string newer = "SELECT id FROM releases WHERE json_extract(document, '$.format') > $1 LIMIT 1";
        if (connection.First(newer, r => r.GetString(0), StoredDocument.CurrentFormat) is not null) return null;
        const string digests = """
            SELECT DISTINCT json_extract(service.value, '$.artifact.digest')
            FROM releases, json_each(releases.document, '$.services') service
            WHERE json_extract(service.value, '$.artifact.digest') IS NOT NULL
            """;
        return connection.All(digests, r => r.GetString(0)).ToHashSet(StringComparer.Ordinal);
    }
}
