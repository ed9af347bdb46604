using System.Text.Json;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Releases.Local;

/// <summary>The one place that turns what SQLite answers into problems; what is not listed is a bug or broken I/O.</summary>
internal static class SqliteProblems
{
    /// <summary>The problem that an exception stands for, or null where it is not an expected one.</summary>
    public static Problem? From(Exception exception, string file) => exception switch
    {
        SqliteException { SqliteExtendedErrorCode: SQLITE_IOERR_SHMSIZE } => DiskProblems.Full(file),
        SqliteException sqlite => From(sqlite.SqliteErrorCode, file),
        JsonException => Damaged(file),
        _ => DiskProblems.From(exception, file),
    };

    /// <summary>The file is not a whole database of a rack.</summary>
    public static Problem Damaged(string file) => new(
        ProblemCode.DamagedStore,
        $"The rack's database '{file}' is damaged or is not a database; services that run go on, and stored artifacts are unharmed.",
        "Put a backup of it back, or move it away to begin with an empty rack.");

    private static Problem? From(int code, string file) => code switch
    {
        SQLITE_BUSY or SQLITE_LOCKED => new(
            ProblemCode.StoreBusy,
            $"The rack's database '{file}' was in use by another process for longer than {RackDatabase.BusyTimeout.TotalSeconds:0} seconds; nothing was stored.",
            "Run the command again."),
        SQLITE_FULL => DiskProblems.Full(file),
        SQLITE_READONLY or SQLITE_CANTOPEN or SQLITE_PERM => DiskProblems.NotWritable(file),
        SQLITE_CORRUPT or SQLITE_NOTADB => Damaged(file),
        _ => null,
    };
}
