using System.Text.Json;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Releases.Local;

/// <summary>Converts the expected errors of SQLite to problems; any other is a bug or a broken disk.</summary>
internal static class SqliteProblems
{
    /// <summary>Returns the problem for an exception, or null if it isn't an expected one.</summary>
    public static Problem? From(Exception exception, string file) => exception switch
    {
        SqliteException or UnauthorizedAccessException when Directory.Exists(file) => Damaged(file),
        SqliteException { SqliteExtendedErrorCode: SQLITE_IOERR_SHMSIZE } => DiskProblems.Full(file),
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
        SQLITE_BUSY or SQLITE_LOCKED => Problem.Unavailable(
            ProblemCode.StoreBusy,
            $"the rack's database '{file}' was in use by another process for longer than {RackDatabase.BusyTimeout.TotalSeconds:0} "
                + "seconds. Nothing was stored.",
            "Run the command again."),
        SQLITE_FULL => DiskProblems.Full(file),
        SQLITE_READONLY or SQLITE_CANTOPEN or SQLITE_PERM => DiskProblems.NotWritable(file),
        SQLITE_CORRUPT or SQLITE_NOTADB => Damaged(file),
        _ => null,
    };
}
