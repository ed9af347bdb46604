using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// Checks that the home still exists and belongs to this daemon, because people remove a home to start over, or move it. Nothing could
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
        // A home that was removed while this daemon started may exist again with what the daemon wrote last, but without its lock.
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
            // An unreadable file doesn't mean that the home belongs to another daemon.
            return true;
        }
    }
}
