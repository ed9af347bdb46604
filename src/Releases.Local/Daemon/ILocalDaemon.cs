namespace Releases.Local;

/// <summary>The daemon of a local rack, as <c>rack start|stop|restart|status</c> see it.</summary>
public interface ILocalDaemon
{
    /// <summary>What the daemon says of itself; starts none.</summary>
    Task<DaemonStatus> Status(CancellationToken cancel = default);

    /// <summary>Starts the daemon and returns when it answers; one that runs already is left alone. Fails with <see cref="ProblemCode.Daemon"/>.</summary>
    Task<DaemonStatus> Start(CancellationToken cancel = default);

    /// <summary>Has the system start the daemon with the machine. Fails with <see cref="ProblemCode.NotSupported"/> where it cannot.</summary>
    Task StartAtBoot(CancellationToken cancel = default);

    /// <summary>
    /// Starts a successor, without waiting for it, where a daemon died that nobody had stopped, as in a crash or a reboot: any
    /// command that changes something brings back what was running. Returns what keeps it from that, such as a full disk.
    /// </summary>
    Problem? ReviveAfterCrash();

    /// <summary>
    /// Ends the daemon and with it every process of the rack, gracefully, and returns when it is gone. False: none ran.
    /// Fails with <see cref="ProblemCode.Daemon"/>.
    /// </summary>
    Task<bool> Stop(CancellationToken cancel = default);

    /// <summary>Stops, where one runs, and starts from the version that asks.</summary>
    Task<DaemonStatus> Restart(CancellationToken cancel = default);
}

/// <summary>The state of a local rack's daemon.</summary>
/// <param name="Address">The rack's address: <c>local</c>, or <c>local:/srv/convox</c>.</param>
/// <param name="Pid">The daemon's process; null: none runs, and every member after it is null too.</param>
/// <param name="Version">The version that it runs.</param>
/// <param name="RouterPort">The port of the router.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="RouterProblem">What keeps the router from its port; null also where nothing does.</param>
public sealed record DaemonStatus(
    string Address, int? Pid = null, string? Version = null, int? RouterPort = null, DateTimeOffset? StartedAt = null, string? RouterProblem = null)
{
    /// <summary>The kind of rack that has a daemon.</summary>
    public const string Kind = "local";

    /// <summary>Whether a daemon answers.</summary>
    public bool Runs => Pid is not null;
}
