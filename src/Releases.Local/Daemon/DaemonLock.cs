namespace Releases.Local;

/// <summary>The exclusive lock on a home: whoever holds it is its daemon. The system frees it when the process dies, however it dies.</summary>
internal static class DaemonLock
{
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);

    /// <summary>
    /// Takes the lock, or gives null where another process holds it. Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public static IDisposable? TryTake(LocalHome home)
    {
        try
        {
            return new FileStream(home.DaemonLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows)
        {
            return null;
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.DaemonLock) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }
}
