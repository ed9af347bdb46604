namespace Releases.Local;

/// <summary>Provides the exclusive lock on a home, which is held by its daemon.</summary>
internal static class DaemonLock
{
    /// <summary>
    /// Takes the lock, or returns null if another process holds it. Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public static IDisposable? TryTake(LocalHome home) => FileLock.TryTake(home.DaemonLock);

    /// <summary>
    /// Takes the lock, or returns null if another process holds it. In a home that can't be written, nobody can take it, and the result
    /// only shows that nobody holds it.
    /// </summary>
    public static IDisposable? TryTakeOrSee(LocalHome home)
    {
        try
        {
            return TryTake(home);
        }
        catch (ProblemException refused) when (refused.Is(ProblemCode.HomeNotWritable) || refused.Is(ProblemCode.DiskFull))
        {
            return FileLock.IsTaken(home.DaemonLock) ? null : new MemoryStream();
        }
    }
}
