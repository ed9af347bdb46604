using System.Globalization;

namespace Releases.Local;

/// <summary>One process of a service from its start to its end: started in its working copy, watched, drained, terminated, killed.</summary>
internal sealed class ServiceInstance(string id, Revision revision, ServiceRunner runner, InstanceParts parts, int? port) : IDisposable
{
    private const int FailedChecksToEnd = 3;
    private static readonly TimeSpan StartingAtLeast = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RunningAtLeast = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SlowestPace = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly LastLines _lastLines = new();
    private readonly DateTimeOffset _startedAt = parts.Time.GetUtcNow();
    private ServiceProcess? _process;
    private volatile string? _phase;

    public string Id => id;

    public Revision Revision => revision;

    /// <summary>Where the router sends its requests; null without a port.</summary>
    public RouteTarget? Target { get; } = port is { } p ? new RouteTarget(id, p) : null;

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

    public RunningProcess Describe(int restarts) => new(
        id, revision.Service.Name, revision.Release, _phase ?? StatusText(), _startedAt, restarts, _process?.ProcessId,
        _process is { } running ? ProcessTable.Memory(running.ProcessId) : null);

    public void Dispose() => _ending.Dispose();

    private string StatusText() => State switch
    {
        InstanceState.Starting => "starting",
        InstanceState.Healthy => Trouble is null ? "healthy" : "unhealthy",
        _ => "stopping",
    };

    private async Task Live()
    {
        string reason;
        try
        {
            reason = await Run();
        }
        catch (Exception failure)
        {
            parts.Log.Write($"{runner.Key.App}: {id} could not be run: {failure}");
            reason = $"could not be run: {failure.Message.TrimEnd('.')}";
        }
        finally
        {
            if (port is { } lent) parts.Ports.GiveBack(lent);
        }

        runner.HasEnded(this, reason, LastLines);
        _gone.SetResult();
    }

    /// <summary>Returns how the process ended, as a predicate.</summary>
    private async Task<string> Run()
    {
        var folder = await parts.Copies.Prepare(revision.App, revision.Release, revision.Spec, CancellationToken.None);
        var environment = parts.Environment.Of(runner.Key, revision.Spec, port);
        _process = await ServiceProcess.Start(
            new(id, StartCommand.Of(revision.Spec, folder), folder, environment), parts.Spawner, parts.Tool, parts.Records, Print, parts.Time);
        var watching = WatchHealth(_process);
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
        return Ended(await _process.Exited);
    }

    private string Ended(int code)
    {
        var after = parts.Time.GetUtcNow() - _startedAt;
        var when = State == InstanceState.Starting ? " before it was healthy" : "";
        return $"{ProcessEnd.Words(code)} after {Seconds(after)}{when}";
    }

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");

    private async Task EndWhenAsked(ServiceProcess process)
    {
        await Canceled(_ending.Token);
        if (process.Exited.IsCompleted) return;
        _phase = "draining";
        if (Target is { } target) await parts.Router.Drained(target, revision.Service.Drain);
        _phase = "stopping";
        process.Terminate();
        await Task.WhenAny(process.Exited, Task.Delay(revision.Service.TerminationGrace, parts.Time));
        if (!process.Exited.IsCompleted) process.Kill();
    }

    private async Task WatchHealth(ServiceProcess process)
    {
        try
        {
            if (port is { } at) await Probe(process, at);
            else await RunLongEnough();
        }
        catch (OperationCanceledException)
        {
            // It is ending: its health does not matter any more.
        }
    }

    /// <summary>Without a port, healthy is what has run for its grace.</summary>
    private async Task RunLongEnough()
    {
        var grace = revision.Service.Health.Grace;
        await Task.Delay(grace > RunningAtLeast ? grace : RunningAtLeast, parts.Time, _ending.Token);
        BecomeHealthy();
    }

    private async Task Probe(ServiceProcess process, int at)
    {
        var health = revision.Service.Health;
        var (failed, pace) = (0, FirstPace);
        while (true)
        {
            var seen = await parts.Probe.Check(at, health, _ending.Token);
            if (seen.Healthy)
            {
                (failed, Trouble) = (0, null);
                BecomeHealthy();
                await Task.Delay(health.Interval, parts.Time, _ending.Token);
                continue;
            }

            Trouble = Explain(seen, process, at);
            if (State == InstanceState.Starting && parts.Time.GetUtcNow() - _startedAt < Longer(health.Grace, StartingAtLeast))
            {
                await Task.Delay(pace, parts.Time, _ending.Token);
                pace = pace * 1.5 < SlowestPace ? pace * 1.5 : SlowestPace;
                continue;
            }

            if (++failed >= FailedChecksToEnd)
            {
                runner.IsUnhealthy(this, $"failed {FailedChecksToEnd} health checks in a row: it {Trouble}", LastLines);
                return;
            }

            await Task.Delay(health.Interval, parts.Time, _ending.Token);
        }
    }

    private static string? Explain(HealthResult seen, ServiceProcess process, int at) =>
        seen.Refused && ListeningSockets.Of(process.ProcessId) is { Count: > 0 } elsewhere
            ? $"listens on {string.Join(" and ", elsewhere)}, not on 127.0.0.1:{at}, which PORT told it"
            : seen.Reason;

    private void BecomeHealthy()
    {
        if (State != InstanceState.Starting) return;
        State = InstanceState.Healthy;
        runner.BecameHealthy(this);
    }

    private void Print(string line)
    {
        _lastLines.Add(line);
        parts.Logs.Of(runner.Key).Write(parts.Time, id, revision.Release, line);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static Task Canceled(CancellationToken token)
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(canceled.SetResult);
        return canceled.Task;
    }
}
