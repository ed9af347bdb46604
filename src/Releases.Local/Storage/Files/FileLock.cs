using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Releases.Local;

/// <summary>
/// Provides file locks, which the system releases when their process ends for any reason. Each file is opened in a way that makes .NET lock
/// it, and is then locked here again: <c>DOTNET_SYSTEM_IO_DISABLEFILELOCKING</c> turns .NET's own locks off.
/// </summary>
public static partial class FileLock
{
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int WithoutWaiting = 4;
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);

    /// <summary>
    /// Takes an exclusive lock, or returns null if another process holds or shares it. Fails with <see cref="ProblemCode.HomeNotWritable"/>
    /// or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    internal static IDisposable? TryTake(string file)
    {
        try
        {
            return Open(file, isOfHome: true);
        }
        catch (Exception refused) when (DiskProblems.From(refused, file) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    /// <summary>Takes an exclusive lock on a file that isn't of a home, or returns null if another process holds or shares it.</summary>
    internal static IDisposable? Open(string file) => Open(file, isOfHome: false);

    /// <summary>
    /// Locks a file, or returns false if another process has locked it. A file system that refuses locks counts as one without other
    /// processes, as it does for .NET.
    /// </summary>
    public static bool TryLock(FileStream opened, bool isExclusive) => !IsHeld(Lock(opened.SafeFileHandle, isExclusive));

    private static FileStream? Open(string file, bool isOfHome)
    {
        try
        {
            return Locked(new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), isExclusive: true, isOfHome);
        }
        catch (IOException held) when (SaysHeld(held))
        {
            return null;
        }
    }

    /// <summary>
    /// Determines whether a process holds the exclusive lock, without creating the file or needing write access. Fails with
    /// <see cref="ProblemCode.HomeNotWritable"/> if this user can't read it.
    /// </summary>
    internal static bool IsTaken(string file)
    {
        try
        {
            using var shared = Locked(new(file, FileMode.Open, FileAccess.Read, FileShare.Read), isExclusive: false, isOfHome: true);
            return shared is null;
        }
        catch (IOException held) when (SaysHeld(held))
        {
            return true;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception refused) when (DiskProblems.From(refused, file) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    /// <summary>Takes a shared lock, which prevents exclusive ones.</summary>
    internal static IDisposable Share(string file) =>
        Locked(new(file, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read), isExclusive: false, isOfHome: true)
            ?? throw new IOException($"'{file}' is in use by another process.");

    /// <summary>Locks a file, or closes it and returns null if another process has locked it.</summary>
    private static FileStream? Locked(FileStream opened, bool isExclusive, bool isOfHome)
    {
        var refused = Lock(opened.SafeFileHandle, isExclusive);
        if (refused == 0 || (!isOfHome && !IsHeld(refused))) return opened;
        opened.Dispose();
        return IsHeld(refused) ? null : throw DiskProblems.NoLocks(opened.Name).ToException();
    }

    /// <summary>Returns the error of the system, or 0. On Windows, opening the file locks it.</summary>
    private static int Lock(SafeFileHandle file, bool isExclusive) =>
        OperatingSystem.IsWindows() || flock(file, (isExclusive ? Exclusive : Shared) | WithoutWaiting) == 0
            ? 0 : Marshal.GetLastPInvokeError();

    private static bool SaysHeld(IOException failure) => IsHeld(failure.HResult);

    private static bool IsHeld(int error) => error is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows;

#pragma warning disable IDE1006, CA5392 // This is the C library's name; it is always found where the runtime's is.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);
#pragma warning restore IDE1006, CA5392
}
