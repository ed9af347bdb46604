namespace Releases.Local;

/// <summary>
/// Keeps the router's connections within the files that the daemon may have open. The rest of them is for its own work: to start, watch and
/// check processes, to store, and to answer commands. A client counts twice, for itself and for its connection to a process; one for whom
/// there is no room waits in the system's queue of the port.
/// </summary>
/// <param name="files">The number of files that the daemon may have open.</param>
/// <param name="countOpen">Returns the number of open files, or null if it isn't known.</param>
/// <param name="report">Receives that clients have to wait, once until there is much room again.</param>
internal sealed class ConnectionLimit(int files, Func<int?> countOpen, Action<string> report)
{
    private const int FilesOfClient = 2;
    private const int LeastClients = 8;

    /// <summary>The number of files of a daemon before its first service, where the system doesn't tell.</summary>
    private const int UsualFiles = 128;

    private readonly Lock _gate = new();
    private TaskCompletionSource? _changed;
    private int _clients;
    private int _processes;
    private int _room = Room(files, UsualFiles);
    private bool _reported;

    /// <summary>Gets or sets what closes the idle connections to processes.</summary>
    public Action CloseIdle { get; set; } = () => { };

    /// <summary>Gets the number of clients that have entered and not left.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Gets whether few clients more can be accepted.</summary>
    public bool IsScarce => Clients >= MostClients - (MostClients / 8);

    private int MostClients => Volatile.Read(ref _room) / FilesOfClient;

    /// <summary>Creates the limit that the system gives to this process.</summary>
    public static ConnectionLimit OfThisProcess(Action<string> report) => new(OpenFileLimit.Raise(), OpenFileLimit.CountOpen, report);

    /// <summary>Waits until another client can be accepted.</summary>
    public async ValueTask WaitForRoom()
    {
        while (Full() is { } changed) await changed;
    }

    /// <summary>Waits until there is room for this client, and counts it until it leaves.</summary>
    public async ValueTask Enter()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_clients < MostClients)
                {
                    _clients++;
                    return;
                }
            }

            // Each port that listens may have accepted one at the same moment.
            await WaitForRoom();
        }
    }

    /// <summary>Counts a client no longer, whose connections are closed.</summary>
    public void Leave()
    {
        lock (_gate) _clients--;
        Pulse();
    }

    /// <summary>
    /// Counts a connection to a process until it is closed. If there are too many, idle ones, which another client may have left to another
    /// process, are closed first. Returns whether there is room for it.
    /// </summary>
    public bool Connect()
    {
        if (Clients + Interlocked.Increment(ref _processes) <= Volatile.Read(ref _room)) return true;
        CloseIdle();
        return Clients + Volatile.Read(ref _processes) <= Volatile.Read(ref _room);
    }

    /// <summary>Counts a connection to a process no longer.</summary>
    public void Disconnect() => Interlocked.Decrement(ref _processes);

    /// <summary>Adapts to the number of files that the daemon needs itself by now.</summary>
    public void Adapt()
    {
        if (countOpen() is { } open) Volatile.Write(ref _room, Room(files, open - Clients - Volatile.Read(ref _processes)));
        lock (_gate) _reported &= _clients > MostClients / 2;
        Pulse();
    }

    /// <summary>Returns the number of connections beside the daemon's own files, which become more during a promotion.</summary>
    private static int Room(int files, int own) =>
        Math.Max(FilesOfClient * LeastClients, files - Math.Max(own, 0) - Math.Clamp(files / 8, 64, 4096));

    private Task? Full()
    {
        int most;
        Task changed;
        lock (_gate)
        {
            most = MostClients;
            if (_clients < most) return null;
            changed = (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            if (_reported) return changed;
            _reported = true;
        }

        report($"{most} clients are connected, the most with a limit of {files} open files (ulimit -n); more wait until one leaves");
        return changed;
    }

    private void Pulse()
    {
        TaskCompletionSource? changed;
        lock (_gate) (changed, _changed) = (_changed, null);
        changed?.SetResult();
    }
}
