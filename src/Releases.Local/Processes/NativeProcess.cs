using System.Runtime.InteropServices;
using System.Text;

namespace Releases.Local;

/// <summary>Declares the system calls for processes, under their own names.</summary>
internal static partial class NativeProcess
{
#pragma warning disable IDE1006, CA5392, CA1401 // These are the C library's names; it is always found where the runtime's is.
    internal const int SIGKILL = 9;
    internal const int SIGPIPE = 13;
    internal const int SIGTERM = 15;
    internal static readonly int SIGCONT = OperatingSystem.IsMacOS() ? 19 : 18;
    internal static readonly int SIGCHLD = OperatingSystem.IsMacOS() ? 20 : 17;
    private const int PR_SET_PDEATHSIG = 1;
    private const int PR_SET_CHILD_SUBREAPER = 36;
    internal const int ENOENT = 2;
    internal const int ReadOnly = 0;
    internal const int WriteOnly = 1;
    private const int OwnerOnly = 0b110_000_000;
    private const int SignalCount = 64;
    private const nint Ignored = 1;
    private const int F_GETFD = 1;
    private const int F_SETFD = 2;
    private const int FD_CLOEXEC = 1;

    /// <summary>Gets the flags O_WRONLY, O_APPEND and O_CREAT.</summary>
    internal static int AppendCreate => OperatingSystem.IsMacOS() ? 0x1 | 0x8 | 0x200 : 0x1 | 0x400 | 0x40;

    /// <summary>
    /// Resets all signals. Those that the runtime ignores or blocks would otherwise stay so in the program that replaces this one.
    /// </summary>
    internal static unsafe void ResetSignals()
    {
        for (var number = 1; number <= SignalCount; number++) _ = signal(number, 0);
        var none = stackalloc byte[128];
        new Span<byte>(none, 128).Clear();
        _ = sigprocmask(OperatingSystem.IsMacOS() ? 3 : 2, none, null);
    }

    /// <summary>
    /// Restores a signal's default action if it is ignored: children inherit ignored signals, and the runtime doesn't change that.
    /// </summary>
    internal static unsafe void RestoreDefault(int number)
    {
        // The struct begins with the handler on every system, and isn't larger on any.
        var now = stackalloc byte[256];
        if (sigaction(number, null, now) == 0 && *(nint*)now == Ignored) _ = signal(number, 0);
    }

    /// <summary>
    /// Makes Linux send this process a signal when the thread that started it ends. Returns false if the parent has already died.
    /// </summary>
    internal static bool EndWith(int parent, int signal) =>
        !OperatingSystem.IsLinux() || (prctl(PR_SET_PDEATHSIG, signal) == 0 && getppid() == parent);

    /// <summary>Makes Linux reparent orphaned descendants to this process.</summary>
    internal static void AdoptOrphans()
    {
        if (OperatingSystem.IsLinux()) _ = prctl(PR_SET_CHILD_SUBREAPER, 1);
    }

    /// <summary>Returns the exit code of a process that a signal ended.</summary>
    internal static int Ended(int signal) => 128 + signal;

    internal static bool CloseOnExec(int file) => fcntl(file, F_SETFD, FD_CLOEXEC) == 0;

    /// <summary>
    /// Determines whether a descriptor is from the program that started this one: .NET opens its own files with FD_CLOEXEC.
    /// </summary>
    internal static bool IsInherited(int file) => fcntl(file, F_GETFD, 0) is >= 0 and var flags && (flags & FD_CLOEXEC) == 0;

    /// <summary>Opens a file, created for its owner only, as a descriptor that the next program inherits.</summary>
    internal static bool Redirect(string path, int flags, int target)
    {
        var file = open(path, flags, OwnerOnly);
        if (file < 0 || file == target) return file == target;
        var isRedirected = dup2(file, target) >= 0;
        _ = close(file);
        return isRedirected;
    }

    [LibraryImport("libc")]
    private static partial int close(int file);

    /// <summary>
    /// Returns the target of a link, up to 4,096 bytes, or null if the link is gone. .NET would make three system calls for it.
    /// </summary>
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
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int link(string existing, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(int from, int to);

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
