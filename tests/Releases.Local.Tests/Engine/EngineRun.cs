using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>Rollouts of one service on a local engine, a step at a time.</summary>
internal sealed class EngineRun : IAsyncDisposable
{
    private EngineRun(LocalEngineWorld world, TimeProvider time) => (World, Time) = (world, time);

    public LocalEngineWorld World { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public TimeProvider Time { get; }

    public static async Task<EngineRun> Make(TimeProvider? time = null) =>
        new(await LocalEngineWorld.Make(time), time ?? TimeProvider.System);

    public string File(string name) => Path.Combine(World.Folder, name);

    public async Task<Release> Running(string manifest, Dictionary<string, string>? behaviour = null)
    {
        var rollout = await Begin(manifest, behaviour ?? []);
        await Complete(rollout);
        await World.Engine.Settle(rollout.Service.Rollout, A.Promotion(rollout.Service.Rollout.Release, PromotionStatus.Succeeded) with
        { Id = rollout.Service.Rollout.Promotion }, Cancel);
        return rollout.Service.Rollout.Release;
    }

    public async Task<Begun> Begin(string manifest, Dictionary<string, string> behaviour)
    {
        var rollout = await World.Release(manifest, behaviour, "web");
        Assert.Empty(await World.Engine.Check(rollout, Cancel));
        var service = new ServiceRollout(rollout, rollout.Services[0], new MemoryJournal());
        await World.Engine.Start(service, Cancel);
        return new(service);
    }

    public async Task<Observation> Observe(Begun begun) => (await World.Engine.Observe([begun.Service], Cancel))[begun.Service.Name];

    public Task<bool> Route(Begun begun) => World.Engine.Route([begun.Service], new(100), Cancel);

    public Task UntilHealthy(Begun begun) =>
        Patience.Until(async () => (await Observe(begun)).State is ObservedState.Healthy or ObservedState.Complete);

    /// <summary>As a promotion does it: healthy, routed, complete.</summary>
    public async Task Complete(Begun begun)
    {
        await UntilHealthy(begun);
        await Patience.Until(() => Route(begun));
        await Patience.Until(async () => (await Observe(begun)).State == ObservedState.Complete);
    }

    /// <summary>Ends a process at once; the system takes a moment for it, in which it is alive.</summary>
    public static Task Kill(int process)
    {
        _ = NativeProcess.kill(process, NativeProcess.SIGKILL);
        return Patience.Until(() => ProcessTable.Find(process) is null or { IsDead: true });
    }

    public Task<ReleaseId?> Serves() => World.Serves("web");

    /// <summary>The port that a process of the rollout listens on, and the process.</summary>
    public async Task<(int Port, int Process)> Listening(Begun begun, int? except = null)
    {
        (int, int)? listening = null;
        await Patience.Until(() =>
        {
            foreach (var process in World.Processes.Where(p =>
                p.Release == begun.Release && p.ProcessId is not null && p.ProcessId != except))
                if (LocalEngineWorld.PortOf(process) is { } port) listening = (port, process.ProcessId!.Value);
            return Task.FromResult(listening is not null);
        });
        return listening!.Value;
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

/// <summary>A rollout that was begun.</summary>
internal sealed record Begun(ServiceRollout Service)
{
    public ReleaseId Release => Service.Rollout.Release.Id;
}
