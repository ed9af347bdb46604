using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>A service that a release doesn't have, and the next one has again before the old process has ended.</summary>
public sealed class ServicesThatComeBack
{
    private const string Web = "  web:\n    port: 8080\n    health: /health\n";
    private const string Api = "  api:\n    port: 8080\n    health: /health\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_new_process_is_its_only_one_and_follows_the_engine()
    {
        await using var world = await LocalEngineWorld.Make();
        Dictionary<string, string> hangs = new() { ["HANG_ON_SIGTERM"] = "1" };
        await world.Run(await world.Release(Web + Api, hangs, "web", "api"));
        var old = Processes(world, "api").Single().ProcessId!.Value;
        await world.RunUntilSettled(await world.Release(Web, [], "web"));
        var cleaning = world.Engine.CleanUp(A.App, Cancel);
        Assert.False(cleaning.IsCompleted);

        var again = await world.Release(Web + Api, [], "web", "api");
        var running = world.Run(again);
        await Patience.Until(() => Processes(world, "api").Any(p => p.Release == again.Release.Id));
        await EngineRun.Kill(old);
        await cleaning;
        await running;

        var process = Assert.Single(Processes(world, "api"));
        Assert.Equal(again.Release.Id, process.Release);
        Assert.Equal(again.Release.Id, await world.Serves("web"));
        await world.Stop();
        await Patience.Until(() => ProcessTable.Find(process.ProcessId!.Value) is null);
    }

    private static IEnumerable<RunningProcess> Processes(LocalEngineWorld world, string service) =>
        world.Services.Where(s => s.Key.Service == ServiceName.Parse(service)).SelectMany(s => s.Processes);
}
