using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// Checks that the home still exists and is this daemon's: people remove a home to start over, or move it. Nothing could
/// reach the daemon then, and it would hold ports and processes indefinitely.
/// </summary>
internal sealed class HomeWatcher : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    private readonly LocalHome _home;
    private readonly ITimer _timer;

    public HomeWatcher(LocalHome home, TimeProvider time, Action lost)
    {
        _home = home;
        _timer = time.CreateTimer(_ => Look(lost), null, PollInterval, PollInterval);
    }

    public bool IsLost { get; private set; }

    public void Dispose() => _timer.Dispose();

    private void Look(Action lost)
    {
        if (IsLost || IsMine()) return;
        IsLost = true;
        lost();
    }

    private bool IsMine()
    {
        // A home that was removed while this daemon started may have come back with what it wrote last, but not with its lock.
        if (!File.Exists(_home.DaemonLock)) return false;
        try
        {
            using var state = File.OpenRead(_home.DaemonState);
            return JsonSerializer.Deserialize(state, DaemonMessages.Default.DaemonState)?.ProcessId == Environment.ProcessId;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            // That doesn't mean that it is another daemon's.
            return true;
        }
    }
}
