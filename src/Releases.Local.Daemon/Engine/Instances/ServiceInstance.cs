namespace Releases.Local;

/// <summary>
/// One instance of a service: its state, which changes behind the runner's gate alone, and its process, from which it reports
/// to the runner.
/// </summary>
internal sealed class ServiceInstance : IDisposable
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly ServiceRunner _runner;
    private readonly InstanceProcess _process;
    private readonly DaemonLog _log;

    public ServiceInstance(
        string id, Revision revision, int restarts, ServiceRunner runner, Func<ServiceInstance, InstanceProcess> process, DaemonLog log,
        TimeProvider time)
    {
        (Id, Revision, Restarts, StartedAt, _runner, _log) = (id, revision, restarts, time.GetUtcNow(), runner, log);
        _process = process(this);
    }

    public string Id { get; }

    public Revision Revision { get; }

    /// <summary>How often the instances in its place were restarted.</summary>
    public int Restarts { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Where the router sends its requests; null without a port, and before it has one.</summary>
    public RouteTarget? Target => _process.Target;

    public InstanceState State { get; private set; } = InstanceState.Starting;

    /// <summary>What keeps it from being healthy, for people.</summary>
    public string? UnhealthyReason { get; private set; }

    /// <summary>What it printed last.</summary>
    public IReadOnlyList<string> LastLines => _process.Output.All;

    /// <summary>Completes when its process is gone.</summary>
    public Task Gone => _gone.Task;

    public void Begin() => _ = Task.Run(Run);

    /// <summary>Ends it gracefully; called with the runner's gate held, after the router's table was swapped.</summary>
    public void End()
    {
        if (State == InstanceState.Ending) return;
        State = InstanceState.Ending;
        _ending.Cancel();
    }

    /// <summary>Called with the runner's gate held: it has just been seen to answer. False if that changes nothing.</summary>
    public bool TurnHealthy()
    {
        if (State == InstanceState.Ending) return false;
        UnhealthyReason = null;
        if (State == InstanceState.Healthy) return false;
        State = InstanceState.Healthy;
        return true;
    }

    /// <summary>
    /// Called with the runner's gate held: whether it is still healthy at this moment, by what the kernel shows. If not, it is
    /// as one that has just started, and has to pass its check again.
    /// </summary>
    public bool Confirm()
    {
        if (State != InstanceState.Healthy || _process.Lost() is not { } lost) return true;
        (State, UnhealthyReason) = (InstanceState.Starting, lost);
        return false;
    }

    /// <summary>Checks it once more; null: it is healthy. A worker has nothing to check.</summary>
    public Task<string?> CheckHealth(CancellationToken cancel) => _process.CheckHealth(cancel);

    /// <summary>Called with the runner's gate held: it failed a check, and has to pass one again.</summary>
    public void FailCheck(string reason)
    {
        if (State == InstanceState.Healthy) (State, UnhealthyReason) = (InstanceState.Starting, reason);
    }

    public RunningProcess Describe() => new(
        Id, Revision.Service.Name, Revision.Release, Status(), StartedAt, Restarts, _process.ProcessId,
        _process.ProcessId is { } running ? ProcessTable.Memory(running) : null);

    public void Dispose() => _ending.Dispose();

    internal void BecomeHealthy() => _runner.BecameHealthy(this);

    /// <summary>It is no longer known to listen.</summary>
    internal void Recheck() => _runner.Recheck(this);

    internal void ReportUnhealthy(string reason)
    {
        if (UnhealthyReason == reason) return;
        UnhealthyReason = reason;
        _runner.ReasonChanged();
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
#pragma warning disable CA1031 // Whatever keeps a process from running ends this instance only; the log has it whole.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _log.Write($"{_runner.Key.App}: {Id} couldn't run: {failure}");
            end = new($"couldn't run: {failure.Message.TrimEnd('.')}");
        }

        if (end.LostPort) LostPort(end.Reason);
        _runner.HasEnded(this, end.Reason, LastLines);
        _gone.SetResult();
    }
}
