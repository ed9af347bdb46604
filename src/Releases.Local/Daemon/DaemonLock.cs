namespace Releases.Local;

/// <summary>Provides the exclusive lock on a home, which is held by its daemon.</summary>
internal static class DaemonLock
{
    /// <summary>
    /// Takes the lock, or returns null if another process holds it. Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public static IDisposable? TryTake(LocalHome home) => FileLock.TryTake(home.DaemonLock);

    /// <summary>Determines whether no other process holds the lock, and takes it if so.</summary>
    /// <param name="home">The home.</param>
    /// <param name="taken">The lock, or null if it wasn't taken. In a home that can't be written, nobody can take it.</param>
    public static bool IsFree(LocalHome home, out IDisposable? taken)
    {
        try
        {
            taken = TryTake(home);
            return taken is not null;
        }
        catch (ProblemException refused) when (refused.Is(ProblemCode.HomeNotWritable) || refused.Is(ProblemCode.DiskFull))
        {
            taken = null;
            return !FileLock.IsTaken(home.DaemonLock);
        }
    }
}
