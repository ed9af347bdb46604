namespace Releases.Local;

/// <summary>Converts the expected failures of the file system to problems.</summary>
public static class DiskProblems
{
    private const int InputOutputOnUnix = 5;

    /// <summary>Returns the problem for an exception, or null if it isn't an expected one.</summary>
    public static Problem? From(Exception exception, string path) => exception switch
    {
        UnauthorizedAccessException => NotWritable(path),
        _ when DiskFailure.IsFull(exception) => Full(path),
        _ when DiskFailure.IsReadOnly(exception) => OnReadOnlyDisk(path),
        IOException { HResult: InputOutputOnUnix } when !OperatingSystem.IsWindows() => Failing(path),
        _ => null,
    };

    /// <summary>Returns the problem that the disk under a path is full.</summary>
    public static Problem Full(string path) => new(
        ProblemCode.DiskFull,
        $"the disk under '{path}' is full. Running services and what was stored before are unaffected.",
        "Free some space and run the command again.");

    /// <summary>Returns the problem that this user can't write to a path of the home, or can't even read it.</summary>
    public static Problem NotWritable(string path)
    {
        if (FileAccessCheck.IsOnReadOnlyDisk(path)) return OnReadOnlyDisk(path);
        // The permissions would allow it, so the disk, or the limit of open files, may be the reason.
        if (!FileAccessCheck.IsUnwritable(path) && FileAccessCheck.RefusalBeside(path) is IOException { } refused)
            return OpenFileLimit.IsReached(refused) ? TooManyFiles(path) : From(refused, path) ?? Failing(path);
        return new(
            ProblemCode.HomeNotWritable,
            $"this user can't {(FileAccessCheck.IsUnreadable(path) ? "read" : "write to")} '{path}'.",
            "Give the user access to it, or choose another home (CONVOX_HOME or --rack local:<folder>).");
    }

    /// <summary>Returns the problem that a path can't be read or written because its disk fails, or is read-only by a failure.</summary>
    public static Problem Unusable(string path) => FileAccessCheck.IsOnReadOnlyDisk(path) ? OnReadOnlyDisk(path)
        : FileAccessCheck.RefusalBeside(path) is IOException refused && From(refused, path) is { } problem ? problem
        : Failing(path);

    /// <summary>Returns the problem that a path is on a file system without locks.</summary>
    internal static Problem NoLocks(string path) => new(
        ProblemCode.HomeNotWritable, $"the file system of '{path}' refuses locks, as some network file systems do.",
        "Choose a home on a local disk (CONVOX_HOME or --rack local:<folder>).");

    private static Problem Failing(string path) => new(
        ProblemCode.HomeNotWritable,
        $"the disk under '{path}' fails: it can't be read or written. Running services keep running.",
        "Check the disk (dmesg), and run the command again once it works.");

    private static Problem TooManyFiles(string path) => Problem.Unavailable(
        ProblemCode.HomeNotWritable, $"'{path}' can't be opened, because too many files are open.",
        "Run the command again, or raise the limit (ulimit -n).");

    private static Problem OnReadOnlyDisk(string path) => new(
        ProblemCode.HomeNotWritable,
        $"'{path}' is on a read-only file system.",
        "Mount it for writing, or choose another home (CONVOX_HOME or --rack local:<folder>).");
}
