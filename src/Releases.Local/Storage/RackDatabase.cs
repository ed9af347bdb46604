using Microsoft.Data.Sqlite;

namespace Releases.Local;

/// <summary>
/// The database of a local rack: SQLite in WAL mode, one connection. A write is one transaction that begins by taking the
/// write lock, and is on the disk when it returns.
/// </summary>
internal sealed class RackDatabase : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly string _file;

    private RackDatabase(SqliteConnection connection, string file) => (_connection, _file) = (connection, file);

    /// <summary>How long to wait for other processes.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Opens the home's database and makes it where it is missing, also when many processes do so at once.</summary>
    public static RackDatabase Open(LocalHome home)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = home.Database,
            Pooling = false,
            DefaultTimeout = (int)LongestWait.TotalSeconds,
        }.ConnectionString);
        var database = new RackDatabase(connection, home.Database);
        try
        {
            return database.Guarded(() =>
            {
                if (!File.Exists(home.Database)) MakeFile(home);
                connection.Open();
                // SQLite's own waiting looks again after milliseconds; the client library's alone after 150.
                connection.Execute($"PRAGMA busy_timeout = {(int)LongestWait.TotalMilliseconds}; PRAGMA synchronous = FULL");
                if (connection.First(Schema.Exists, r => r.GetString(0)) == "0") MakeTables(connection);
                database.CheckVersion(write: false);
                return database;
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads.</summary>
    public Task<T> Read<T>(Func<SqliteConnection, T> work, CancellationToken cancel) => Do(() => work(_connection), cancel);

    /// <summary>Writes all of it or nothing.</summary>
    public Task<T> Write<T>(Func<SqliteConnection, T> work, CancellationToken cancel) => Do(
        () =>
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            CheckVersion(write: true);
            var result = work(_connection);
            FailPoint.Pass();
            transaction.Commit();
            FailPoint.Pass();
            return result;
        },
        cancel);

    /// <summary>Writes all of it or nothing.</summary>
    public Task<bool> Write(Action<SqliteConnection> work, CancellationToken cancel) => Write(
        c =>
        {
            work(c);
            return true;
        },
        cancel);

    public void Dispose() => _connection.Dispose();

    private static void MakeFile(LocalHome home)
    {
        HomeFolder.CreatePrivate(home.Folder);
        // SQLite gives its other files the mode of this one.
        using var made = PrivateFiles.OpenOrMake(home.Database);
    }

    private static void MakeTables(SqliteConnection connection)
    {
        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute(Schema.Create);
        transaction.Commit();
    }

    private void CheckVersion(bool write)
    {
        var lowest = _connection.First(Schema.Versions, r => new { Reader = r.GetInt32(0), Writer = r.GetInt32(1) })
            ?? throw SqliteProblems.Damaged(_file).ToException();
        if (lowest.Reader > Schema.Format) throw Newer("read or changed", "services that run go on").ToException();
        if (write && lowest.Writer > Schema.Format) throw Newer("changed", "it can still be read").ToException();
    }

    private Problem Newer(string refused, string works) => new(
        ProblemCode.NewerFormat,
        $"The rack in '{Path.GetDirectoryName(_file)}' was written by a newer version and cannot be {refused} by this one; {works}.",
        "Update this tool with: dotnet tool update dotnet-convox");

    private Task<T> Do<T>(Func<T> work, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Task.FromCanceled<T>(cancel);
        try
        {
            lock (_gate) return Task.FromResult(Guarded(work));
        }
#pragma warning disable CA1031 // The task carries it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(e);
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (SqliteProblems.From(e, _file) is { } problem)
        {
            throw problem.ToException(e);
        }
    }
}
