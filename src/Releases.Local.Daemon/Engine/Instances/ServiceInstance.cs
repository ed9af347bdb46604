namespace Releases.Local;

/// <summary>
/// Represents an instance of a service: its state, which changes only under the runner's lock, and its process, which reports to the runner
/// through it.
/// </summary>
internal sealed class ServiceInstance : IDisposable
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly ServiceRunner _runner;
    private readonly InstanceProcess _process;
    private readonly DaemonLog _log;
    private readonly TimeProvider _time;
    private readonly long _createdAt;
    private long? _healthyAt;

    public ServiceInstance(
        string id, Revision revision, int restarts, ServiceRunner runner, Func<ServiceInstance, InstanceProcess> process, DaemonLog log,
        TimeProvider time)
    {
        (Id, Revision, Restarts, StartedAt) = (id, revision, restarts, time.GetUtcNow());
        (_runner, _log, _time, _createdAt) = (runner, log, time, time.GetTimestamp());
        _process = process(this);
    }

    public string Id { get; }

    public Revision Revision { get; }

    /// <summary>Gets how often the instances in its place were restarted.</summary>
    public int Restarts { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Gets the target for the router, or null without a port or before the process has one.</summary>
    public RouteTarget? Target => _process.Target;

    public InstanceState State { get; private set; } = InstanceState.Starting;

    /// <summary>Gets whether the instance was ever healthy.</summary>
    public bool HasBeenHealthy { get; private set; }

    /// <summary>Gets how long the instance has been healthy, or null if it isn't.</summary>
    public TimeSpan? HealthyFor => _healthyAt is { } at ? _time.GetElapsedTime(at) : null;

    /// <summary>Gets how long ago the instance was created.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_createdAt);

    /// <summary>Gets why the instance isn't healthy, for people.</summary>
    public string? UnhealthyReason { get; private set; }

    /// <summary>Gets the last lines of its output.</summary>
    public IReadOnlyList<string> LastLines => _process.Output.All;

    /// <summary>Gets a task that completes when its process is gone.</summary>
    public Task Gone => _gone.Task;

    public void Begin() => _ = Task.Run(Run);

    /// <summary>Ends the instance gracefully. Call this under the runner's lock, after the router's table has been replaced.</summary>
    public void End()
    {
        if (State == InstanceState.Ending) return;
        State = InstanceState.Ending;
        _ending.Cancel();
    }

    /// <summary>
    /// Marks the instance as healthy after a passed check. Call this under the runner's lock. Returns false if nothing changes.
    /// </summary>
    public bool TurnHealthy()
    {
        if (State == InstanceState.Ending) return false;
        UnhealthyReason = null;
        if (State == InstanceState.Healthy) return false;
        (State, HasBeenHealthy, _healthyAt) = (InstanceState.Healthy, true, _time.GetTimestamp());
        return true;
    }

    /// <summary>
    /// Returns whether a healthy instance still is, according to the kernel; if not, it has to pass its check again like a new one. Call
    /// this under the runner's lock.
    /// </summary>
    public bool Confirm()
    {
        if (State != InstanceState.Healthy || _process.Lost() is not { } lost) return true;
        FailCheck(lost);
        return false;
    }

    /// <summary>Runs a health check. Returns why it failed, or null if it passed. A worker has nothing to check.</summary>
    public Task<string?> CheckHealth(CancellationToken cancel) => _process.CheckHealth(cancel);

    /// <summary>Makes the instance pass a check again, after one that failed. Call this under the runner's lock.</summary>
    public void FailCheck(string reason)
    {
        if (State == InstanceState.Healthy) (State, _healthyAt, UnhealthyReason) = (InstanceState.Starting, null, reason);
    }

    public RunningProcess Describe() => new(
        Id, Revision.Service.Name, Revision.Release, Status(), StartedAt, Restarts, _process.ProcessId,
        _process.ProcessId is { } running ? ProcessTable.Memory(running) : null);

    public void Dispose() => _ending.Dispose();

    internal void BecomeHealthy() => _runner.BecameHealthy(this);

    /// <summary>Reports that the instance may no longer listen.</summary>
    internal void Recheck() => _runner.Recheck(this);

    internal void ReportUnhealthy(string reason) => _runner.ReasonChanged(this, reason);

    /// <summary>Sets why the instance isn't healthy. Call this under the runner's lock. Returns false if nothing changes.</summary>
    public bool ChangeReason(string reason)
    {
        if (UnhealthyReason == reason) return false;
        UnhealthyReason = reason;
        return true;
    }

    internal void IsUnhealthy(string reason) => _runner.IsUnhealthy(this, reason, LastLines);

    internal void CannotBecomeHealthy(string reason) => _runner.CannotBecomeHealthy(this, reason, LastLines);

    internal void LostPort(string reason)
    {
        _log.Write($"{_runner.Key.App}: {Id} {reason}");
        _runner.LostPort(this, reason);
    }

    private ProcessStatus Status() => _process.Phase ?? State switch
    {
        InstanceState.Starting => ProcessStatus.Starting,
        InstanceState.Healthy => UnhealthyReason is null ? ProcessStatus.Healthy : ProcessStatus.Unhealthy,
        _ => ProcessStatus.Stopping,
    };

    private async Task Run()
    {
        var end = new InstanceEnd("");
        try
        {
            end = await _process.Run(_ending);
        }
        catch (ProblemException problem)
        {
            _log.Write($"{_runner.Key.App}: {Id} couldn't run: {problem.Problems[0].Sentence}");
            end = new($"couldn't run: {problem.Problems[0].Message.TrimEnd('.')}");
        }
#pragma warning disable CA1031 // Whatever keeps a process from running ends only this instance; the log has all of it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.Write($"{_runner.Key.App}: {Id} couldn't run: {failure}");
            end = new($"couldn't run: {failure.Message.TrimEnd('.')}");
        }

        if (end.LostPort) LostPort(end.Reason);
        _runner.HasEnded(this, end, LastLines);
        _gone.SetResult();
    }
}
