namespace Releases.Local;

/// <summary>Provides file locks, which the system releases when their process ends for any reason.</summary>
internal static class FileLock
{
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);

    /// <summary>
    /// Takes an exclusive lock, or returns null if another process holds or shares it. Fails with <see cref="ProblemCode.HomeNotWritable"/>
    /// or <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public static IDisposable? TryTake(string file)
    {
        try
        {
            return Open(file);
        }
        catch (Exception refused) when (DiskProblems.From(refused, file) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    /// <summary>Takes an exclusive lock on a file that isn't of a home, or returns null if another process holds or shares it.</summary>
    public static IDisposable? Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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
        catch (Exception refused) when (DiskProblems.From(refused, file) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    /// <summary>Takes a shared lock, which prevents exclusive ones.</summary>
    public static IDisposable Share(string file) => new FileStream(file, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);

    private static bool SaysHeld(IOException failure) =>
        failure.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows;
}
