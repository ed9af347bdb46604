using System.Text.Json;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Releases.Local;

/// <summary>
/// Converts the errors of SQLite that come from outside to problems: other processes, the disk, the machine. The others (misuse, a failed
/// constraint, a limit, an unknown statement) are bugs.
/// </summary>
internal static class SqliteProblems
{
    /// <summary>Returns the problem for an exception, or null if it isn't an expected one.</summary>
    public static Problem? From(Exception exception, string file) => exception switch
    {
        SqliteException or UnauthorizedAccessException when Directory.Exists(file) => Damaged(file),
        SqliteException { SqliteExtendedErrorCode: SQLITE_IOERR_SHMSIZE } => DiskProblems.Full(file),
        SqliteException { SqliteExtendedErrorCode: SQLITE_IOERR_NOMEM } => NoMemory(file),
        SqliteException { SqliteExtendedErrorCode: SQLITE_READONLY_DBMOVED } => Moved(file),
        SqliteException
        {
            SqliteExtendedErrorCode: SQLITE_IOERR_LOCK or SQLITE_IOERR_UNLOCK or SQLITE_IOERR_RDLOCK or SQLITE_IOERR_CHECKRESERVEDLOCK
            or SQLITE_IOERR_BLOCKED or SQLITE_IOERR_SHMLOCK
        } => DiskProblems.NoLocks(file) with { Unchanged = Problem.NothingWasStored },
        // SQLite has no code of its own for a document that json_extract can't read.
        SqliteException { SqliteErrorCode: SQLITE_ERROR } document
            when document.Message.Contains("malformed JSON", StringComparison.Ordinal) => Damaged(file),
        SqliteException sqlite => From(sqlite.SqliteErrorCode, file),
        JsonException => Damaged(file),
        _ => DiskProblems.From(exception, file),
    };

    /// <summary>Returns the problem that the file isn't a valid database of a rack.</summary>
    public static Problem Damaged(string file) => new(
        ProblemCode.DamagedStore,
        $"the rack's database '{file}' is damaged or isn't a database. Running services and stored artifacts aren't affected.",
        "Restore a backup of it, or move it away to begin with an empty rack.");

    private static Problem? From(int code, string file) => code switch
    {
        SQLITE_BUSY or SQLITE_LOCKED or SQLITE_PROTOCOL => Problem.Unavailable(
            ProblemCode.StoreBusy,
            $"the rack's database '{file}' was in use by another process for longer than {RackDatabase.BusyTimeout.TotalSeconds:0} "
                + "seconds.",
            "Run the command again.", unchanged: Problem.NothingWasStored),
        SQLITE_FULL => DiskProblems.Full(file),
        SQLITE_READONLY or SQLITE_CANTOPEN or SQLITE_PERM => DiskProblems.NotWritable(file),
        SQLITE_IOERR => DiskProblems.Unusable(file),
        SQLITE_NOLFS => DiskProblems.Full(file),
        SQLITE_NOMEM => NoMemory(file),
        SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_FORMAT => Damaged(file),
        _ => null,
    };

    private static Problem NoMemory(string file) => Problem.Unavailable(
        ProblemCode.StoreBusy, $"there is not enough memory to use the rack's database '{file}'.",
        "Free some memory and run the command again.", unchanged: Problem.NothingWasStored);

    private static Problem Moved(string file) => new(
        ProblemCode.HomeNotWritable, $"the rack's database '{file}' was moved or replaced while it was in use.",
        Remedy.Do(Operation.RestartRack, "Move it back, or use the new one"), Unchanged: Problem.NothingWasStored);
}
