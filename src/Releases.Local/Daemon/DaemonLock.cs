namespace Releases.Local;

/// <summary>Provides the exclusive lock on a home, which is held by its daemon.</summary>
internal static class DaemonLock
{
    /// <summary>
    /// Takes the lock, or returns null if another process holds it. Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.
    /// </summary>
    public static IDisposable? TryTake(LocalHome home) => FileLock.TryTake(home.DaemonLock);
}
