namespace Releases.Local;

/// <summary>Converts the expected failures of the file system to problems.</summary>
public static class DiskProblems
{
    /// <summary>Returns the problem for an exception, or null if it isn't an expected one.</summary>
    public static Problem? From(Exception exception, string path) => exception switch
    {
        UnauthorizedAccessException => NotWritable(path),
        _ when DiskFailure.IsFull(exception) => Full(path),
        _ when DiskFailure.IsReadOnly(exception) => OnReadOnlyDisk(path),
        _ => null,
    };

    /// <summary>Returns the problem that the disk under a path is full.</summary>
    public static Problem Full(string path) => new(
        ProblemCode.DiskFull,
        $"the disk under '{path}' is full. Running services and what was stored before are unaffected.",
        "Free some space and run the command again.");

    /// <summary>Returns the problem that this user can't write to a path of the home, or can't even read it.</summary>
    public static Problem NotWritable(string path) => FileAccessCheck.IsOnReadOnlyDisk(path)
        ? OnReadOnlyDisk(path)
        : new(
            ProblemCode.HomeNotWritable,
            $"this user can't {(FileAccessCheck.IsUnreadable(path) ? "read" : "write to")} '{path}'.",
            "Give the user access to it, or choose another home with CONVOX_HOME.");

    private static Problem OnReadOnlyDisk(string path) => new(
        ProblemCode.HomeNotWritable,
        $"'{path}' is on a read-only file system.",
        "Mount it for writing, or choose another home with CONVOX_HOME.");
}
