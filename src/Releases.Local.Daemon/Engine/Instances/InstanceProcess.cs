using System.Globalization;

namespace Releases.Local;

/// <summary>Represents how an instance's process ended.</summary>
/// <param name="Reason">The reason, as a predicate: <c>exited with code 1 after 0.3 s</c>.</param>
/// <param name="LostPort">Whether it ended because another program has its port.</param>
internal sealed record InstanceEnd(string Reason, bool LostPort = false)
{
    /// <summary>Gets what to change so that it doesn't happen again, as a sentence without a period, or null if that isn't known.</summary>
    public string? Hint { get; init; }
}

/// <summary>
/// Manages the process of an instance: starts it in its working copy, monitors it, drains it, terminates it, and kills it if necessary.
/// </summary>
internal sealed class InstanceProcess(
    ServiceInstance instance, ReleaseProcesses processes, PortRegistry ports, Router router, HealthProbe probe, TimeProvider time)
{
    private static readonly TimeSpan MinRunTime = TimeSpan.FromSeconds(5);

    private readonly Service _service = instance.Revision.Service;
    private ServiceProcess? _process;
    private HealthMonitor? _health;
    private ProcessPort? _port;
    private int _phase;

    public OutputTail Output { get; } = new();

    public int? ProcessId => _process?.ProcessId;

    public RouteTarget? Target { get; private set; }

    /// <summary>Gets whether the process is draining or stopping, or null if it is doing neither yet.</summary>
    public ProcessStatus? Phase => Volatile.Read(ref _phase) is var phase and not 0 ? (ProcessStatus)phase : null;

    /// <summary>Returns why the process can no longer be healthy, according to the kernel, or null if it still can.</summary>
    public string? Lost() =>
        _process!.IsAlive && _health is null or { StillListens: true } ? null
        : _health is null ? "has ended"
        : $"no longer listens on 127.0.0.1:{_port!.Number}";

    public async Task<string?> CheckHealth(CancellationToken cancel)
    {
        if (_health is not { } health || await health.CheckNow(cancel) is not { Healthy: false } failed) return null;
        return !failed.IsUnknown ? failed.Reason
            : throw Problem.Unavailable(ProblemCode.Daemon, $"{instance.Id} {failed.Reason}.").ToException();
    }

    /// <summary>Runs the process, and returns how it ended.</summary>
    /// <param name="ending">The source to cancel in order to end the process gracefully; it is also cancelled when the process has
    /// ended.</param>
    public async Task<InstanceEnd> Run(CancellationTokenSource ending)
    {
        int? port = _service.Port is null ? null : ports.Rent();
        try
        {
            return await Run(port, ending);
        }
        finally
        {
            if (port is { } rented) ports.Return(rented);
        }
    }

    private async Task<InstanceEnd> Run(int? port, CancellationTokenSource ending)
    {
        var process = _process = await processes.Start(
            instance.Id, instance.Revision, folder => StartCommand.For(instance.Revision.Spec, folder), port, Output,
            CancellationToken.None);
        var revision = instance.Revision;
        using var counted = port is null ? null
            : router.Traffic.Use(new(revision.App, _service.Name), revision.Release, revision.Promotion);
        if (port is { } number)
        {
            _port = new(instance.Id, process.ProcessId, number);
            Target = new(instance.Id, number, counted!.Traffic) { Release = revision.Release };
            _health = new(instance, process, _port, probe, time);
        }

        var watching = WatchHealth(ending.Token);
        var stopping = StopWhenCanceled(process, ending.Token);
        try
        {
            await Task.WhenAny(process.Exited, watching);
            // A monitor that fails would leave the process unobserved. One that returns leaves it running.
            if (watching.IsCompleted) await watching;
            await process.Exited;
        }
        finally
        {
            if (!process.Exited.IsCompleted) process.Kill();
            await ending.CancelAsync();
        }

        await Task.WhenAll(stopping, watching);
        var code = await process.Exited;
        // Most programs exit if their port is taken, which doesn't count against the release.
        return instance.State == InstanceState.Starting && !instance.HasBeenHealthy && process.LeftInBackground.Count == 0
            && OtherOwner() is { } owner
            ? new($"didn't get port {_port!.Number}, which {owner} has", LostPort: true)
            : new(Ended(code, process.LeftInBackground))
            {
                Hint = code == 0 && process.LeftInBackground.Count == 0 ? ProcessEnd.KeepsRunning : null,
            };
    }

    /// <summary>Returns the other program that listens on the port, or null if there is none or it isn't known.</summary>
    private string? OtherOwner()
    {
        try
        {
            return _port?.Look() is { Holder: PortHolder.Stranger, Owner: var owner } ? owner : null;
        }
        catch (IOException unreadable) when (OpenFileLimit.IsReached(unreadable))
        {
            return null;
        }
    }

    private string Ended(int code, IReadOnlyList<string> background)
    {
        var after = string.Create(CultureInfo.InvariantCulture, $"{instance.Age.TotalSeconds:0.0} s");
        var when = instance.State == InstanceState.Starting && !instance.HasBeenHealthy ? ", before it became healthy" : "";
        var note = background.Count == 0 ? ""
            : $"; it left {string.Join(", ", background)} in the background, where the rack can't supervise it: run it in the foreground";
        return $"{ProcessEnd.Words(code)} after {after}{when}{note}";
    }

    private async Task StopWhenCanceled(ServiceProcess process, CancellationToken ending)
    {
        await ending.WhenCanceled();
        if (process.Exited.IsCompleted) return;
        Volatile.Write(ref _phase, (int)ProcessStatus.Draining);
        if (Target is { } target) await router.Drained(target, _service.Drain, CancellationToken.None);
        Volatile.Write(ref _phase, (int)ProcessStatus.Stopping);
        await process.Stop(_service.TerminationGrace, time);
    }

    private async Task WatchHealth(CancellationToken ending)
    {
        try
        {
            if (_health is { } health) await health.Run(ending);
            else await RunLongEnough(ending);
        }
        catch (OperationCanceledException)
        {
            // The process is ending, so its health no longer matters.
        }
    }

    /// <summary>Reports a process without a port as healthy once it has run for its grace period.</summary>
    private async Task RunLongEnough(CancellationToken ending)
    {
        var grace = _service.Health.Grace;
        await Task.Delay(grace > MinRunTime ? grace : MinRunTime, time, ending);
        instance.BecomeHealthy();
    }
}
