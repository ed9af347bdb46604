using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>Provides the number of files that this process may have open (<c>ulimit -n</c>), which its children inherit.</summary>
internal static partial class OpenFileLimit
{
    /// <summary>
    /// The lowest limit that a rack starts with: its daemon needs about half as many before the first connection, and a process has its
    /// content root at number 99.
    /// </summary>
    public const int Least = 256;

    private const int SystemIsFull = 23;
    private const int ProcessIsFull = 24;

    private static int Resource => OperatingSystem.IsMacOS() ? 8 : 7;

    /// <summary>Raises the limit to the highest one that this process may set by itself. Returns the limit.</summary>
    public static int Raise()
    {
        if (OperatingSystem.IsWindows() || getrlimit(Resource, out var limit) != 0) return int.MaxValue;
        if (limit.Soft < limit.Hard && setrlimit(Resource, limit with { Soft = limit.Hard }) == 0) limit = limit with { Soft = limit.Hard };
        return (int)Math.Min(limit.Soft, int.MaxValue);
    }

    /// <summary>Fails with <see cref="ProblemCode.Daemon"/> if a rack can't run services with this limit.</summary>
    public static void Require(int limit)
    {
        if (limit >= Least) return;
        throw new Problem(
            ProblemCode.Daemon,
            $"the rack can't start here: a process may have only {limit} open files, and the rack needs at least {Least}.",
            "Raise the limit (ulimit -n; for a systemd unit, LimitNOFILE), then run the command again.",
            Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>Determines whether a call failed because too many files are open, which says nothing about what it was for.</summary>
    public static bool IsReached(Exception failure) => failure switch
    {
        SocketException socket => socket.SocketErrorCode == SocketError.TooManyOpenSockets,
        IOException { HResult: ProcessIsFull or SystemIsFull } => !OperatingSystem.IsWindows(),
        _ => false,
    };

    /// <summary>Returns the number of files that this process has open, or null if the system doesn't tell.</summary>
    public static int? CountOpen()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            // Reading the folder takes a file, too, and there may be none left.
            return null;
        }
    }

#pragma warning disable IDE1006, CA5392 // These are the C library's names; it is always found where the runtime's is.
    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in Limit limit);
#pragma warning restore IDE1006, CA5392

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
