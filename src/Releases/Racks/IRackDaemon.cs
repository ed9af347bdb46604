namespace Releases;

/// <summary>The process that runs a rack's services, where the rack has one of its own.</summary>
public interface IRackDaemon
{
    /// <summary>Starts it and returns when it answers; one that runs already is left alone. Fails with
    /// <see cref="ProblemCode.Daemon"/>.</summary>
    Task<RackStatus> Start(CancellationToken cancel = default);

    /// <summary>Has the system start it with the machine. Fails with <see cref="ProblemCode.NotSupported"/> if it cannot.</summary>
    Task StartAtBoot(CancellationToken cancel = default);

    /// <summary>
    /// Starts a successor, without waiting for it, where a daemon died that nobody had stopped, as in a crash or a reboot: any
    /// command that changes something brings back what was running. Returns what keeps it from that, such as a full disk.
    /// </summary>
    Problem? ReviveAfterCrash();

    /// <summary>
    /// Ends it and with it every process of the rack, gracefully, and returns when it is gone. False: none ran.
    /// Fails with <see cref="ProblemCode.Daemon"/>.
    /// </summary>
    Task<bool> Stop(CancellationToken cancel = default);

    /// <summary>Stops it, where it runs, and starts it from the version that asks.</summary>
    Task<RackStatus> Restart(CancellationToken cancel = default);
}
