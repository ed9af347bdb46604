namespace Releases;

/// <summary>Controls the process that runs a rack's services, on racks that have one.</summary>
public interface IRackDaemon
{
    /// <summary>
    /// Returns the status, without starting anything. Fails with <see cref="ProblemCode.Daemon"/> if the daemon is running and doesn't
    /// answer.
    /// </summary>
    Task<RackStatus> Status(CancellationToken cancel = default);

    /// <summary>
    /// Whether a process is the daemon or is about to be, which doesn't have to answer. Without one, nothing is running and nothing drives
    /// promotions.
    /// </summary>
    bool IsAlive { get; }

    /// <summary>Receives, as a sentence, what a start or a stop waits for, if that takes more than a few seconds.</summary>
    Action<string>? Waiting { get; set; }

    /// <summary>
    /// Starts the daemon and returns once it responds; a running one is left alone. Fails with <see cref="ProblemCode.Daemon"/>.
    /// </summary>
    Task<RackStatus> Start(CancellationToken cancel = default);

    /// <summary>
    /// Lets the operating system start the daemon, at each boot and now. One that is running is left alone; the operating system watches
    /// over its successor. Fails with <see cref="ProblemCode.NotSupported"/> if it can't; the daemon is running then, too.
    /// </summary>
    Task<RackStatus> StartAtBoot(CancellationToken cancel = default);

    /// <summary>
    /// Starts a successor, without waiting for it, if a daemon died without being stopped, as in a crash or a reboot: any command that
    /// changes something restores what was running. Returns why it isn't started, such as a full disk, or that the rack was copied here.
    /// </summary>
    Task<Problem?> ReviveAfterCrash(CancellationToken cancel = default);

    /// <summary>
    /// Stops the daemon and every process of the rack gracefully, and returns once it has exited. Fails with
    /// <see cref="ProblemCode.Daemon"/>.
    /// </summary>
    Task<StoppedRack> Stop(CancellationToken cancel = default);

    /// <summary>
    /// The address at which metrics are served as OpenMetrics while the daemon is running, or null if they aren't. Reading it fails with
    /// <see cref="ProblemCode.RouterSettings"/>.
    /// </summary>
    Uri? MetricsAddress { get; }

    /// <summary>
    /// Serves metrics on a port of 127.0.0.1, or stops if it is null, now and after every start. Fails with
    /// <see cref="ProblemCode.RouterSettings"/> or <see cref="ProblemCode.PortInUse"/>; then nothing changed.
    /// </summary>
    Task ServeMetrics(int? port, CancellationToken cancel = default);

    /// <summary>
    /// Stops the daemon if it is running, and starts it from the caller's version. Can't be cancelled once the daemon was asked to stop, so
    /// that the rack doesn't stay stopped.
    /// </summary>
    Task<RackStatus> Restart(CancellationToken cancel = default);
}

/// <summary>Represents a rack that was stopped.</summary>
/// <param name="WasRunning">Whether it was running until then.</param>
/// <param name="NotRecorded">Why it couldn't be recorded that it was stopped, so that it may start again by itself; null if it was.</param>
public sealed record StoppedRack(bool WasRunning, Problem? NotRecorded = null);
