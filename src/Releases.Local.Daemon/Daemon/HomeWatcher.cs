namespace Releases.Local;

/// <summary>
/// Checks that the home still exists and belongs to this daemon, because people remove a home to start over, or move it. Nothing could
/// reach the daemon then, and it would hold ports and processes indefinitely.
/// </summary>
internal sealed class HomeWatcher : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    /// <summary>How many looks in a row have to find another home, or none, before it counts as lost.</summary>
    private const int LooksUntilLost = 2;

    private readonly LocalHome _home;
    private readonly TimeProvider _time;
    private readonly FileStat? _held;
    private BackgroundTimer? _timer;
    private int _missed;

    /// <summary>Remembers the home's lock, which this daemon holds.</summary>
    public HomeWatcher(LocalHome home, TimeProvider time) => (_home, _time, _held) = (home, time, FileStat.Of(home.DaemonLock));

    public bool IsLost { get; private set; }

    /// <param name="lost">Receives that the home is lost, once.</param>
    /// <param name="report">Receives failures.</param>
    public void Start(Action lost, Action<string> report) =>
        _timer = new(_time, "watching the rack's folder", () => Look(lost), report, PollInterval, PollInterval);

    public void Dispose() => _timer?.Dispose();

    /// <summary>Determines whether the lock in the home is the one that this daemon holds. Another home may have its place.</summary>
    public bool IsMine() => State() == HomeState.Mine;

    private void Look(Action lost)
    {
        if (IsLost) return;
        _missed = State() switch
        {
            HomeState.Mine => 0,
            HomeState.Gone => _missed + 1,
            _ => _missed,
        };
        if (_missed < LooksUntilLost) return;
        IsLost = true;
        lost();
    }

    private HomeState State()
    {
        // Where the system doesn't tell one file from another.
        if (_held is null) return File.Exists(_home.DaemonLock) ? HomeState.Mine : HomeState.Gone;
        if (FileStat.Of(_home.DaemonLock, out var error) is { } now)
            return FileStat.IsSame(now, _held) ? HomeState.Mine : HomeState.Gone;
        return error switch
        {
            FileStat.NotFound or FileStat.NotInFolder => HomeState.Gone,
            // This user may just not enter a folder above it, or its disk or server doesn't answer.
            _ => HomeState.Unknown,
        };
    }

    private enum HomeState
    {
        Mine,
        Gone,
        Unknown,
    }
}
