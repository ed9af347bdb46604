using System.Runtime.InteropServices;
using System.Text;

namespace Releases.Local;

/// <summary>The system's own calls around processes, under their own names.</summary>
internal static partial class NativeProcess
{
#pragma warning disable IDE1006, CA5392, CA1401 // The C library's names; it is always found where the runtime's own is.
    internal const int SIGKILL = 9;
    internal const int SIGTERM = 15;
    internal static readonly int SIGCHLD = OperatingSystem.IsMacOS() ? 20 : 17;
    private const int PR_SET_PDEATHSIG = 1;
    private const int PR_SET_CHILD_SUBREAPER = 36;
    internal const int ENOENT = 2;
    internal const int ReadOnly = 0;
    internal const int OwnerOnly = 0b110_000_000;
    private const int SignalCount = 64;
    private const nint Ignored = 1;
    private const int F_SETFD = 2;
    private const int FD_CLOEXEC = 1;

    /// <summary>O_WRONLY, O_APPEND and O_CREAT.</summary>
    internal static int AppendCreate => OperatingSystem.IsMacOS() ? 0x1 | 0x8 | 0x200 : 0x1 | 0x400 | 0x40;

    /// <summary>Signals that the runtime ignores or blocks would stay so in the program that takes its place.</summary>
    internal static unsafe void ResetSignals()
    {
        for (var number = 1; number <= SignalCount; number++) _ = signal(number, 0);
        var none = stackalloc byte[128];
        new Span<byte>(none, 128).Clear();
        _ = sigprocmask(OperatingSystem.IsMacOS() ? 3 : 2, none, null);
    }

    /// <summary>Takes back that a signal is ignored: what a parent ignores its children ignore too, and the runtime leaves it so.</summary>
    internal static unsafe void RestoreDefault(int number)
    {
        // Begins with the handler on every system, and is larger on none.
        var now = stackalloc byte[256];
        if (sigaction(number, null, now) == 0 && *(nint*)now == Ignored) _ = signal(number, 0);
    }

    /// <summary>Has Linux send this process a signal when the thread that started it ends; false if the parent has died already.</summary>
    internal static bool EndWith(int parent, int signal) =>
        !OperatingSystem.IsLinux() || (prctl(PR_SET_PDEATHSIG, signal) == 0 && getppid() == parent);

    /// <summary>Has Linux give this process whatever of its descendants loses its own parent.</summary>
    internal static void AdoptOrphans()
    {
        if (OperatingSystem.IsLinux()) _ = prctl(PR_SET_CHILD_SUBREAPER, 1);
    }

    /// <summary>The exit code of what a signal ended.</summary>
    internal static int Ended(int signal) => 128 + signal;

    internal static bool CloseOnExec(int file) => fcntl(file, F_SETFD, FD_CLOEXEC) == 0;

    /// <summary>Where a link leads, at most 4,096 bytes of it; null where it is gone. .NET asks the system three times for it.</summary>
    internal static unsafe string? LinkTarget(string link)
    {
        const int Longest = 4096;
        var target = stackalloc byte[Longest];
        return readlink(link, target, Longest) is >= 0 and var length ? Encoding.UTF8.GetString(target, (int)length) : null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint readlink(string link, byte* target, nint size);

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    internal static partial int setsid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int chdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int link(string existing, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int execvp(string program, string?[] arguments);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static unsafe partial int sigaction(int number, byte* action, byte* old);

    [LibraryImport("libc")]
    private static unsafe partial int sigprocmask(int how, byte* set, byte* old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int file, int command, int argument);
#pragma warning restore IDE1006, CA5392, CA1401
}
