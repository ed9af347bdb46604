using System.Globalization;

namespace Releases.Local;

/// <summary>
/// One process of a service while it lives: started in its working copy, watched, drained, terminated, killed. Its
/// state changes behind the runner's gate alone.
/// </summary>
internal sealed class ServiceInstance(string id, Revision revision, ServiceRunner runner, InstanceParts parts, int restarts) : IDisposable
{
    private static readonly TimeSpan MinRunTime = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly OutputTail _lastLines = new();
    private readonly DateTimeOffset _startedAt = parts.Time.GetUtcNow();
    private ServiceProcess? _process;
    private HealthMonitor? _health;
    private ProcessPort? _port;
    private int? _rented;
    private volatile ProcessStatus _phase = ProcessStatus.Starting;

    public string Id => id;

    public Revision Revision => revision;

    /// <summary>How often what it takes the place of was restarted, and it with that.</summary>
    public int Restarts => restarts;

    /// <summary>Where the router sends its requests; null without a port, and before it has one.</summary>
    public RouteTarget? Target { get; private set; }

    public InstanceState State { get; private set; } = InstanceState.Starting;

    /// <summary>What keeps it from being healthy, for people.</summary>
    public string? Trouble { get; private set; }

    /// <summary>What it printed last.</summary>
    public IReadOnlyList<string> LastLines => _lastLines.All;

    /// <summary>Completes when its process is gone.</summary>
    public Task Gone => _gone.Task;

    public void Begin() => _ = Task.Run(Live);

    /// <summary>Ends it gracefully; called with the runner's gate held, after the router was told.</summary>
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
        Trouble = null;
        if (State == InstanceState.Healthy) return false;
        State = InstanceState.Healthy;
        return true;
    }

    /// <summary>
    /// Called with the runner's gate held: whether what made it healthy is still so at this moment, by the kernel. If not, it is
    /// as one that has just started, and has to prove itself again.
    /// </summary>
    public bool Confirm()
    {
        if (State != InstanceState.Healthy) return true;
        if (_process!.IsAlive && _health is null or { StillListens: true }) return true;
        (State, Trouble) = (InstanceState.Starting, _health is null ? "has ended" : $"no longer listens on 127.0.0.1:{_port!.Number}");
        return false;
    }

    /// <summary>What keeps it from being trusted with traffic now; null: it has just answered. A worker has nothing to answer.</summary>
    public async Task<string?> Ask(CancellationToken cancel) =>
        _health is { } health && await health.Ask(cancel) is { Healthy: false, Reason: var reason } ? reason : null;

    /// <summary>Called with the runner's gate held: it did not answer, and has to prove itself again.</summary>
    public void Distrust(string trouble)
    {
        if (State == InstanceState.Healthy) (State, Trouble) = (InstanceState.Starting, trouble);
    }

    public RunningProcess Describe() => new(
        id, revision.Service.Name, revision.Release, Status(), _startedAt, restarts, _process?.ProcessId,
        _process is { } running ? ProcessTable.Memory(running.ProcessId) : null);

    public void Dispose() => _ending.Dispose();

    internal void BecomeHealthy() => runner.BecameHealthy(this);

    /// <summary>It is no longer known to listen.</summary>
    internal void Doubt() => runner.Doubt(this);

    internal void IsTroubled(string trouble)
    {
        if (Trouble == trouble) return;
        Trouble = trouble;
        runner.IsTroubled();
    }

    internal void IsUnhealthy(string reason) => runner.IsUnhealthy(this, reason, LastLines);

    internal void CannotBecomeHealthy(string reason) => runner.CannotBecomeHealthy(this, reason, LastLines);

    internal void LostPort(string reason)
    {
        parts.Log.Write($"{runner.Key.App}: {id} {reason}");
        runner.LostPort(this, reason);
    }

    private ProcessStatus Status() => State switch
    {
        _ when _phase != ProcessStatus.Starting => _phase,
        InstanceState.Starting => ProcessStatus.Starting,
        InstanceState.Healthy => Trouble is null ? ProcessStatus.Healthy : ProcessStatus.Unhealthy,
        _ => ProcessStatus.Stopping,
    };

    private async Task Live()
    {
        var (reason, lost) = ("", false);
        try
        {
            (reason, lost) = await Run();
        }
        catch (ProblemException problem)
        {
            parts.Log.Write($"{runner.Key.App}: {id} could not be run: {problem.Problems[0].Sentence}");
            reason = $"could not be run: {problem.Problems[0].Message.TrimEnd('.')}";
        }
        catch (Exception failure)
        {
            parts.Log.Write($"{runner.Key.App}: {id} could not be run: {failure}");
            reason = $"could not be run: {failure.Message.TrimEnd('.')}";
        }
        finally
        {
            if (_rented is { } lent) parts.Ports.Return(lent);
        }

        if (lost) LostPort(reason);
        runner.HasEnded(this, reason, LastLines);
        _gone.SetResult();
    }

    /// <summary>Returns how the process ended, as a predicate, and whether another program on its port is why.</summary>
    private async Task<(string Reason, bool LostPort)> Run()
    {
        var folder = await parts.Copies.Prepare(revision.App, revision.Release, revision.Spec, CancellationToken.None);
        if (revision.Service.Port is not null) _rented = parts.Ports.Rent();
        _process = await ServiceProcess.Start(
            new(id, StartCommand.For(revision.Spec, folder), folder, parts.Environment.For(runner.Key, revision.Spec, _rented)),
            parts.ProcessLauncher, parts.Tool, parts.Records, Print, parts.Time);
        if (_rented is { } number)
        {
            (_port, Target) = (new(_process.ProcessId, number), new(id, number));
            _health = new(this, _process, _port, parts);
        }

        var watching = WatchHealth();
        var ending = EndWhenAsked(_process);
        try
        {
            await Task.WhenAny(_process.Exited, watching);
            // A watch that fails would leave it running unobserved; one that has seen enough leaves it running.
            if (watching.IsCompleted) await watching;
            await _process.Exited;
        }
        finally
        {
            if (!_process.Exited.IsCompleted) _process.Kill();
            await _ending.CancelAsync();
        }

        await Task.WhenAll(ending, watching);
        var code = await _process.Exited;
        // Most programs end when their port is taken; that says nothing against the release.
        return State == InstanceState.Starting && _port?.Look() is { Holder: PortHolder.Stranger, Owner: { } owner }
            ? ($"did not get port {_port.Number}, which {owner} has", true)
            : (Ended(code, _process.Deserted), false);
    }

    private string Ended(int code, IReadOnlyList<string> deserted)
    {
        var after = parts.Time.GetUtcNow() - _startedAt;
        var when = State == InstanceState.Starting ? " before it was healthy" : "";
        var behind = deserted.Count == 0 ? "" : $"; it left {string.Join(", ", deserted)} in the background, where the rack cannot keep it: have it run in the foreground";
        return $"{ProcessEnd.Words(code)} after {Seconds(after)}{when}{behind}";
    }

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");

    private async Task EndWhenAsked(ServiceProcess process)
    {
        await Canceled(_ending.Token);
        if (process.Exited.IsCompleted) return;
        _phase = ProcessStatus.Draining;
        if (Target is { } target) await parts.Router.Drained(target, revision.Service.Drain);
        _phase = ProcessStatus.Stopping;
        process.Terminate();
        await Task.WhenAny(process.Exited, Task.Delay(revision.Service.TerminationGrace, parts.Time));
        if (!process.Exited.IsCompleted) process.Kill();
    }

    private async Task WatchHealth()
    {
        try
        {
            if (_health is { } health) await health.Run(_ending.Token);
            else await RunLongEnough();
        }
        catch (OperationCanceledException)
        {
            // It is ending: its health no longer matters.
        }
    }

    /// <summary>Without a port, healthy is what has run for its grace.</summary>
    private async Task RunLongEnough()
    {
        var grace = revision.Service.Health.Grace;
        await Task.Delay(grace > MinRunTime ? grace : MinRunTime, parts.Time, _ending.Token);
        BecomeHealthy();
    }

    private void Print(string line)
    {
        _lastLines.Add(line);
        parts.Logs.For(runner.Key).Write(parts.Time, id, revision.Release, line);
    }

    private static Task Canceled(CancellationToken token)
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(canceled.SetResult);
        return canceled.Task;
    }
}
