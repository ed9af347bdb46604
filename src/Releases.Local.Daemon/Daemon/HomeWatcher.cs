namespace Releases.Local;

/// <summary>
/// Checks that the home still exists and belongs to this daemon, because people remove a home to start over, or move it. Nothing could
/// reach the daemon then, and it would hold ports and processes indefinitely.
/// </summary>
internal sealed class HomeWatcher : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    private readonly LocalHome _home;
    private readonly TimeProvider _time;
    private readonly FileStat? _held;
    private BackgroundTimer? _timer;

    /// <summary>Remembers the home's lock, which this daemon holds.</summary>
    public HomeWatcher(LocalHome home, TimeProvider time) => (_home, _time, _held) = (home, time, FileStat.Of(home.DaemonLock));

    public bool IsLost { get; private set; }

    /// <param name="lost">Receives that the home is lost, once.</param>
    /// <param name="report">Receives failures.</param>
    public void Start(Action lost, Action<string> report) =>
        _timer = new(_time, "watching the rack's folder", () => Look(lost), report, PollInterval, PollInterval);

    public void Dispose() => _timer?.Dispose();

    private void Look(Action lost)
    {
        if (IsLost || IsMine()) return;
        IsLost = true;
        lost();
    }

    /// <summary>Determines whether the lock in the home is the one that this daemon holds. Another home may have its place.</summary>
    public bool IsMine() => File.Exists(_home.DaemonLock) && FileStat.IsSame(FileStat.Of(_home.DaemonLock), _held);
}
