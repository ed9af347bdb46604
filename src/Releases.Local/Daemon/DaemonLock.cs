namespace Releases.Local;

/// <summary>Provides the exclusive lock on a home, which is held by its daemon.</summary>
internal static class DaemonLock
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a lock is retried that nobody is known to hold. Only Linux says who does.</summary>
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Takes the lock, or returns null if another process holds it. A process that determines whether it is taken shares it for a moment
    /// (<see cref="FileLock.IsTaken"/>), which doesn't count. Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public static async Task<IDisposable?> Take(LocalHome home, TimeProvider time, CancellationToken cancel)
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(RetryInterval, time, cancel))
        {
            if (FileLock.TryTake(home.DaemonLock) is { } taken) return taken;
            if (LockHolder.Find(home) is not null || time.GetElapsedTime(began) >= RetryFor) return null;
        }
    }

    /// <summary>Determines whether no other process holds the lock, and takes it if so.</summary>
    /// <param name="home">The home.</param>
    /// <param name="taken">The lock, or null if it wasn't taken. In a home that can't be written, nobody can take it.</param>
    public static bool IsFree(LocalHome home, out IDisposable? taken)
    {
        try
        {
            taken = FileLock.TryTake(home.DaemonLock);
            return taken is not null;
        }
        catch (ProblemException refused) when (refused.Is(ProblemCode.HomeNotWritable) || refused.Is(ProblemCode.DiskFull))
        {
            taken = null;
            return !FileLock.IsTaken(home.DaemonLock);
        }
    }
}
