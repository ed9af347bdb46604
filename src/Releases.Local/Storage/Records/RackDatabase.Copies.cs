using Microsoft.Data.Sqlite;

namespace Releases.Local;

internal sealed partial class RackDatabase
{
    /// <summary>Copies a consistent snapshot of the database into an empty file, without blocking writers in other processes.</summary>
    public Task<bool> CopyTo(string file, CancellationToken cancel) => Do(
        () =>
        {
            try
            {
                using var copy = Plain(file);
                _connection.BackupDatabase(copy);
                return true;
            }
            catch (SqliteException refused) when (SqliteProblems.From(refused, file) is { } problem)
            {
                // Here the disk of the copy may be the full one.
                throw problem.ToException(refused);
            }
        },
        cancel);

    /// <summary>
    /// Replaces everything with the content of another database in one transaction, including tables that this version doesn't know.
    /// </summary>
    /// <param name="file">The other database, as a single file.</param>
    /// <param name="require">Checks this database within the transaction.</param>
    /// <param name="cancel">A token that cancels the replacement before it begins.</param>
    public async Task ReplaceBy(string file, Action<SqliteConnection> require, CancellationToken cancel)
    {
        await Do(() => _connection.Execute("ATTACH DATABASE $1 AS other", file), cancel);
        try
        {
            await Write(
                c =>
                {
                    require(c);
                    ReplaceTables(c);
                    return true;
                },
                cancel);
        }
        finally
        {
            await Do(() => _connection.Execute("DETACH DATABASE other"), CancellationToken.None);
        }
    }

    /// <summary>Turns an unused database into a single file, without a write-ahead log.</summary>
    public static void MakeOneFile(string file)
    {
        using var connection = Plain(file);
        connection.Execute("PRAGMA journal_mode = DELETE");
    }

    /// <summary>
    /// Puts another database in the place of a damaged one, which is kept under another name, and returns that name. Only for a caller that
    /// has the home alone.
    /// </summary>
    /// <param name="home">The home.</param>
    /// <param name="file">The other database, as a single file.</param>
    /// <param name="now">The time, which makes the name.</param>
    public static string ReplaceFile(LocalHome home, string file, DateTimeOffset now)
    {
        using (var other = Plain(file)) other.Execute("PRAGMA journal_mode = WAL");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var kept = $"{home.Database}.damaged-{now.UtcDateTime:yyyyMMddHHmmss}";
        foreach (var part in (string[])["-wal", "-shm", ""])
        {
            if (Directory.Exists(home.Database + part)) Directory.Move(home.Database + part, kept + part);
            else if (File.Exists(home.Database + part)) File.Move(home.Database + part, kept + part);
        }

        AtomicFile.Put(file, home.Database);
        return kept;
    }

    private static void ReplaceTables(SqliteConnection connection)
    {
        const string missing = """
            SELECT sql FROM other.sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                AND name NOT IN (SELECT name FROM main.sqlite_schema) ORDER BY type DESC
            """;
        foreach (var sql in connection.All(missing, r => r.GetString(0))) connection.Execute(sql);
        const string tables = """
            SELECT name FROM main.sqlite_schema WHERE type = 'table' AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence')
            """;
        const string theirs = "SELECT name FROM other.sqlite_schema WHERE type = 'table'";
        var others = connection.All(theirs, r => r.GetString(0)).ToHashSet(StringComparer.Ordinal);
        foreach (var table in connection.All(tables, r => Quoted(r.GetString(0))).OrderBy(t => t == "\"sqlite_sequence\""))
        {
            connection.Execute($"DELETE FROM main.{table}");
            if (others.Contains(table[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)))
                connection.Execute($"INSERT INTO main.{table} SELECT * FROM other.{table}");
        }
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static SqliteConnection Plain(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
