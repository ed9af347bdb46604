using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;

namespace Releases.Local;

/// <summary>
/// Stores the records of a local rack in SQLite. Several processes may use it at once, and any may be killed at any time.
/// </summary>
public sealed partial class SqliteReleaseStore : IReleaseStore, IHookStore
{
    private readonly RackDatabase _database;

    private SqliteReleaseStore(RackDatabase database) => _database = database;

    /// <summary>Opens the home's database, which is created if it is missing.</summary>
    public static SqliteReleaseStore Open(LocalHome home) => new(RackDatabase.Open(home));

    /// <summary>Opens the home's database, read-only if the disk is full or read-only; writes then fail for that reason.</summary>
    public static SqliteReleaseStore OpenOrReadOnly(LocalHome home) => new(RackDatabase.OpenOrReadOnly(home));

    /// <summary>Opens the home's database for a reader, which doesn't create one: without one, there are no records.</summary>
    public static SqliteReleaseStore OpenOrEmpty(LocalHome home) => new(RackDatabase.OpenOrEmpty(home));

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Copies a consistent snapshot of the database into an empty file.</summary>
    internal Task CopyTo(string file, CancellationToken cancel) => _database.CopyTo(file, cancel);

    /// <summary>Replaces all records with those of another home, in one transaction.</summary>
    /// <param name="file">The other database.</param>
    /// <param name="prepare">Is given the apps, and whether anything is sealed, while no other process can write. It fails if they can't be
    /// replaced.</param>
    /// <param name="cancel">A token that cancels the replacement before it begins.</param>
    internal Task ReplaceBy(string file, Action<IReadOnlyList<AppName>, bool> prepare, CancellationToken cancel) =>
        _database.ReplaceBy(file, c => prepare([.. Apps(c).Select(a => a.Name)], HasSnapshots(c)), cancel);

    public Task<IReadOnlyList<Event>> ListEvents(AppName app, int limit, CancellationToken cancel = default) => _database.Read(
        c => c.All("SELECT document FROM events WHERE app = $1 ORDER BY sequence DESC LIMIT $2",
            r => Parse(r, StoreJson.Default.Event), app.ToString(), limit),
        cancel);

    private static void Append(SqliteConnection connection, AppName app, Event what) => connection.Execute(
        "INSERT INTO events (app, document) VALUES ($1, $2)", app.ToString(), Text(what, StoreJson.Default.Event));

    private static string Text<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type);

    /// <summary>Parses the document in the row's first column.</summary>
    private static T Parse<T>(SqliteDataReader row, JsonTypeInfo<T> type) where T : StoredDocument =>
        StoredDocument.Read(row.GetString(0), type);
}
