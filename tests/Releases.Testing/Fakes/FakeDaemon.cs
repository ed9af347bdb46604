namespace Releases.Testing;

/// <summary>A daemon that only remembers what it was told.</summary>
public sealed class FakeDaemon : IRackDaemon
{
    private static readonly RackStatus Stopped = new("local", "local", RackState.Stopped);

    private int _revived;

    public RackStatus State { get; set; } = Stopped;

    /// <summary>Whether it is there, whatever its state says: most tests have running services and no need of a daemon.</summary>
    public bool IsAlive { get; set; } = true;

    public Action<string>? Waiting { get; set; }

    /// <summary>How often it was asked to come back.</summary>
    public int Revived => Volatile.Read(ref _revived);

    public static RackStatus Running(string version) => new("local", "local", RackState.Running, 4711, version, 8480, A.Moment);

    public Task<RackStatus> Status(CancellationToken cancel = default) => Task.FromResult(State);

    public Task<RackStatus> Start(CancellationToken cancel = default) => Task.FromResult(State = Running(ToolVersion.Text));

    public Task<Problem?> ReviveAfterCrash(CancellationToken cancel = default)
    {
        Interlocked.Increment(ref _revived);
        return Task.FromResult<Problem?>(null);
    }

    public Task<RackStatus> StartAtBoot(CancellationToken cancel = default) => Start(cancel);

    public Task<StoppedRack> Stop(CancellationToken cancel = default)
    {
        var ran = State.Pid is not null;
        State = Stopped;
        return Task.FromResult(new StoppedRack(ran));
    }

    public Uri? MetricsAddress { get; private set; }

    public Task ServeMetrics(int? port, CancellationToken cancel = default)
    {
        MetricsAddress = port is { } number ? new($"http://127.0.0.1:{number}/metrics") : null;
        return Task.CompletedTask;
    }

    public async Task<RackStatus> Restart(CancellationToken cancel = default)
    {
        await Stop(cancel);
        return await Start(cancel);
    }
}
