namespace Releases.Local;

/// <summary>The exclusive lock on a home: the process that holds it is its daemon.</summary>
internal static class DaemonLock
{
    /// <summary>
    /// Takes the lock, or gives null if another process holds it. Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public static IDisposable? TryTake(LocalHome home) => FileLock.TryTake(home.DaemonLock);
}
