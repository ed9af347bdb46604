using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;

namespace Releases.Local;

/// <summary>The records of a local rack, in SQLite. Several processes use one at once, and any may be killed at any moment.</summary>
public sealed partial class SqliteReleaseStore : IReleaseStore, IHookStore
{
    private readonly RackDatabase _database;

    private SqliteReleaseStore(RackDatabase database) => _database = database;

    /// <summary>Opens the home's records, made where they are missing.</summary>
    public static SqliteReleaseStore Open(LocalHome home) => new(RackDatabase.Open(home));

    /// <summary>The same; but on a disk that is full or read-only they can still be read, and writes are refused for that reason.</summary>
    public static SqliteReleaseStore OpenOrReadOnly(LocalHome home) => new(RackDatabase.OpenOrReadOnly(home));

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Copies the records as they are at one moment into an empty file.</summary>
    internal Task CopyTo(string file, CancellationToken cancel) => _database.CopyTo(file, cancel);

    /// <summary>Takes over the records of another home, all in one write.</summary>
    /// <param name="file">The other database.</param>
    /// <param name="refuse">What is wrong with replacing the records of these apps; null: nothing.</param>
    /// <param name="cancel">Ends it before it begins.</param>
    internal Task ReplaceBy(string file, Func<IReadOnlyList<AppName>, Problem?> refuse, CancellationToken cancel) => _database.ReplaceBy(
        file,
        c =>
        {
            if (Apps(c) is { Count: > 0 } apps && refuse([.. apps.Select(a => a.Name)]) is { } problem) throw problem.ToException();
        },
        cancel);

    public Task<IReadOnlyList<Event>> ListEvents(AppName app, int limit, CancellationToken cancel = default) => _database.Read(
        c => c.All("SELECT document FROM events WHERE app = $1 ORDER BY sequence DESC LIMIT $2",
            r => Parse(r, StoreJson.Default.Event), app.ToString(), limit),
        cancel);

    private static void Append(SqliteConnection connection, AppName app, Event what) => connection.Execute(
        "INSERT INTO events (app, document) VALUES ($1, $2)", app.ToString(), Text(what, StoreJson.Default.Event));

    private static string Text<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type);

    /// <summary>The document in the row's first column.</summary>
    private static T Parse<T>(SqliteDataReader row, JsonTypeInfo<T> type) where T : StoredDocument =>
        StoredDocument.Read(row.GetString(0), type);
}
