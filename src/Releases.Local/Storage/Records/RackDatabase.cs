using Microsoft.Data.Sqlite;

namespace Releases.Local;

/// <summary>
/// Represents the database of a local rack: SQLite in WAL mode, with one connection. A write is one transaction that begins by taking the
/// write lock, and is durable when it returns.
/// </summary>
internal sealed partial class RackDatabase : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _file;
    private SqliteConnection _connection;
    private Problem? _refusesWrites;

    /// <summary>The home as long as it has no database, whose place an empty one in memory takes.</summary>
    private LocalHome? _absent;

    /// <summary>The home as long as its database is open for reading only, because its disk is full or read-only.</summary>
    private LocalHome? _readOnly;

    private RackDatabase(SqliteConnection connection, string file, Problem? refusesWrites = null) =>
        (_connection, _file, _refusesWrites) = (connection, file, refusesWrites);

    /// <summary>Gets how long to wait for other processes.</summary>
    public static TimeSpan BusyTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Opens the home's database and creates it if it is missing, which several processes may do at once.</summary>
    public static RackDatabase Open(LocalHome home)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = home.Database,
            Pooling = false,
            DefaultTimeout = (int)BusyTimeout.TotalSeconds,
        }.ConnectionString);
        var database = new RackDatabase(connection, home.Database);
        try
        {
            return database.Guarded(() =>
            {
                if (!File.Exists(home.Database)) MakeFile(home);
                connection.Open();
                // SQLite's own busy handler retries within milliseconds; the client library's retries only after 150.
                connection.Execute($"PRAGMA busy_timeout = {(int)BusyTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL");
                if (connection.First(Schema.Exists, r => r.GetString(0)) == "0") MakeTables(connection);
                database.CheckVersion(write: false);
                // A rack of an older version lacks tables; adding them doesn't affect versions that don't know them.
                if (connection.First(Schema.IsComplete, r => r.GetString(0)) == "0" && database.MayWrite()) MakeTables(connection);
                return database;
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the home's database, or on a full or read-only disk opens it read-only: writes then fail for that reason until the disk can be
    /// written, but running services can still be listed and stopped.
    /// </summary>
    public static RackDatabase OpenOrReadOnly(LocalHome home)
    {
        try
        {
            return Open(home);
        }
        catch (ProblemException refused) when (IsOfDisk(refused) && HasNoPendingLog(home.Database))
        {
            return OpenImmutable(home, refused.Problems[0]);
        }
    }

    /// <summary>
    /// Opens the home's database as <see cref="OpenOrReadOnly"/> does, or creates nothing if there is none: it is empty until another
    /// process or the first write creates it.
    /// </summary>
    public static RackDatabase OpenOrEmpty(LocalHome home)
    {
        if (!IsAbsent(home)) return OpenOrReadOnly(home);
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        connection.Execute(Schema.Create);
        return new(connection, home.Database) { _absent = home };
    }

    /// <summary>Determines whether a home could have a database and has none, as opposed to one that this user can't see.</summary>
    public static bool IsAbsent(LocalHome home)
    {
        try
        {
            _ = File.GetAttributes(home.Database);
            return false;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            var folder = home.Folder;
            while (!Path.Exists(folder) && Path.GetDirectoryName(folder) is { } parent) folder = parent;
            return Directory.Exists(folder);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Opens the database of a home that had none, if it has one now or is to have one, and one that is open for reading only, if it can be
    /// written now.
    /// </summary>
    private void Reopen(bool create)
    {
        if (_absent is { } home && (create || !IsAbsent(home))) Become(OpenOrReadOnly(home));
        else if (_readOnly is { } refusing && OpenIfPossible(refusing) is { } writable) Become(writable);
    }

    private static RackDatabase? OpenIfPossible(LocalHome home)
    {
        try
        {
            return Open(home);
        }
        catch (ProblemException refused) when (IsOfDisk(refused))
        {
            return null;
        }
    }

    private void Become(RackDatabase other)
    {
        _connection.Dispose();
        (_connection, _refusesWrites, _absent, _readOnly) = (other._connection, other._refusesWrites, other._absent, other._readOnly);
    }

    private static bool IsOfDisk(ProblemException refused) => refused.Is(ProblemCode.DiskFull) || refused.Is(ProblemCode.HomeNotWritable);

    /// <summary>Determines whether nothing is left in the write-ahead log, so that no process has the database open.</summary>
    private static bool HasNoPendingLog(string file) =>
        File.Exists(file) && new FileInfo(file + "-wal") is not { Exists: true, Length: > 0 };

    /// <summary>Opens the database as immutable, which is how SQLite can read one in WAL mode without creating files next to it.</summary>
    private static RackDatabase OpenImmutable(LocalHome home, Problem refusesWrites)
    {
        var uri = "file:" + string.Join('/', home.Database.Split('/').Select(Uri.EscapeDataString)) + "?immutable=1";
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = uri,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString);
        var database = new RackDatabase(connection, home.Database, refusesWrites) { _readOnly = home };
        try
        {
            return database.Guarded(() =>
            {
                connection.Open();
                if (connection.First(Schema.Exists, r => r.GetString(0)) == "0") throw refusesWrites.ToException();
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

    /// <summary>Runs a read.</summary>
    public Task<T> Read<T>(Func<SqliteConnection, T> work, CancellationToken cancel) => Do(() => work(_connection), cancel);

    /// <summary>Runs a write, which is atomic.</summary>
    public Task<T> Write<T>(Func<SqliteConnection, T> work, CancellationToken cancel) => Write(work, FailPoint.Pass, cancel);

    /// <summary>
    /// Runs a write that comes with time instead of with what happens, such as the renewal of a lock, and so is no moment of
    /// <see cref="FailPoint"/>.
    /// </summary>
    public Task<T> WriteBeat<T>(Func<SqliteConnection, T> work, CancellationToken cancel) => Write(work, () => { }, cancel);

    private Task<T> Write<T>(Func<SqliteConnection, T> work, Action pass, CancellationToken cancel) => Do(
        () =>
        {
            Reopen(create: true);
            if (_refusesWrites is not null) throw _refusesWrites.ToException();
            using var transaction = _connection.BeginTransaction(deferred: false);
            CheckVersion(write: true);
            var result = work(_connection);
            pass();
            transaction.Commit();
            pass();
            return result;
        },
        cancel);

    /// <summary>Runs a write without a result, which is atomic.</summary>
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
        HomeFolder.Create(home);
        // SQLite creates its other files with the mode of this one.
        try
        {
            using var made = PrivateFiles.OpenOrCreate(home.Database);
        }
        catch (FileNotFoundException refused)
        {
            // A file system that accepts no files, such as /proc.
            throw DiskProblems.NotWritable(home.Database).ToException(refused);
        }
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
        if (Lowest().Reader > Schema.Format) throw Newer("read or changed", "Running services aren't affected").ToException();
        if (write && !MayWrite()) throw Newer("changed", "It can still be read").ToException();
    }

    private bool MayWrite() => Lowest().Writer <= Schema.Format;

    private (int Reader, int Writer) Lowest() => _connection.All(Schema.Versions, r => (r.GetInt32(0), r.GetInt32(1))) is [var lowest]
        ? lowest
        : throw SqliteProblems.Damaged(_file).ToException();

    private Problem Newer(string refused, string works) => NewerFormat.Refusal(
        $"the rack in '{Path.GetDirectoryName(_file)}' was written by a newer version and can't be {refused} by {ToolVersion.Text}. "
            + $"{works}.");

    private Task<T> Do<T>(Func<T> work, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Task.FromCanceled<T>(cancel);
        try
        {
            lock (_gate)
            {
                return Task.FromResult(Guarded(() =>
                {
                    Reopen(create: false);
                    return work();
                }));
            }
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
