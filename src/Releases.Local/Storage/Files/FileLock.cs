namespace Releases.Local;

/// <summary>Locks on files, which the system frees when their process dies, however it dies.</summary>
internal static class FileLock
{
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);

    /// <summary>
    /// Takes a lock for itself alone, or gives null if another process holds it or shares in it. Fails with
    /// <see cref="ProblemCode.HomeNotWritable"/> or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public static IDisposable? TryTake(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (SaysHeld(held))
        {
            return null;
        }
        catch (Exception refused) when (DiskProblems.From(refused, file) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    /// <summary>Whether a process has the lock for itself alone. Looks only: makes no file, and needs no right to write.</summary>
    public static bool IsTaken(string file)
    {
        try
        {
            using var shared = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException held) when (SaysHeld(held))
        {
            return true;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Shares a lock with other processes; none can take it alone meanwhile.</summary>
    public static IDisposable Share(string file) => new FileStream(file, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);

    private static bool SaysHeld(IOException failure) =>
        failure.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows;
}
