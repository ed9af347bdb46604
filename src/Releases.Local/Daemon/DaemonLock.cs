namespace Releases.Local;

/// <summary>The exclusive lock on a home: whoever holds it is its daemon. The system frees it when the process dies, however it dies.</summary>
internal static class DaemonLock
{
    /// <summary>Takes the lock, or gives null where another process holds it.</summary>
    public static IDisposable? TryTake(LocalHome home)
    {
        try
        {
            return new FileStream(home.DaemonLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held is not (DirectoryNotFoundException or FileNotFoundException) && File.Exists(home.DaemonLock))
        {
            return null;
        }
    }
}
