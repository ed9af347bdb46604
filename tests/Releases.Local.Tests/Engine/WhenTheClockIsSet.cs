using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>
/// A clock that is set, as by the first synchronization after a boot, keeps no process from being restarted and fails no promotion.
/// </summary>
public sealed class WhenTheClockIsSet
{
    private const string Web = "  web:\n    port: 8080\n    health: /health\n";

    private readonly SetClock _clock = new(TimeProvider.System);

    [Fact]
    public async Task A_process_that_waits_for_its_restart_is_restarted()
    {
        await using var run = await EngineRun.Make(_clock);
        var only = await run.Running(Web);
        // Its restart is put off the longer the more often it failed.
        for (var failures = 1; failures <= 3; failures++)
        {
            await Patience.Until(() => run.World.Processes is [{ Status: ProcessStatus.Healthy }]);
            await EngineRun.Kill(run.World.Processes[0].ProcessId!.Value);
            await Patience.Until(() => run.World.Processes is [] or [{ Status: not ProcessStatus.Healthy }]);
        }

        _clock.Offset = TimeSpan.FromHours(-1);
        await Patience.Until(() => run.World.Processes is [{ Status: ProcessStatus.Healthy, Restarts: 3 }]);
        Assert.Equal(only.Id, await run.Serves());
    }

    /// <summary>A clock that is set forward, or a machine that slept, was another one for the engine than for the driver.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_release_that_is_healthy_after_that_is_promoted(int hours)
    {
        await using var run = await EngineRun.Make(_clock);
        var (rack, cancel) = (run.World.Rack, TestContext.Current.CancellationToken);
        run.World.Declares = $"environment: [KESTREL=1, HEALTHY_WHEN={run.File("healthy")}]\n";
        var release = (await run.World.Release(Web, [], "web")).Release;
        var plans = new ReleasePlanReader(rack.Store, rack.Vault, "local");
        var request = new PromotionRequest(PromotionId.New(), A.App, release.Id, A.Person) { Timeout = TimeSpan.FromMinutes(5) };
        var held = (await new BeginPromotion(rack.Store, plans, _clock).Run(request, "a test", cancel)).Held!;
        var driver = new PromotionDriver(rack.Store, plans, rack.Artifacts, run.World.Engine, _clock) { IgnoresClockChanges = true };
        var driving = driver.Drive(held, cancel);
        await Patience.Until(async () =>
            (await rack.Store.FindPromotion(A.App, held.Promotion, cancel))!.Services is [{ Status: ServiceStatus.Starting, Running: 1 }]);

        _clock.Offset = TimeSpan.FromHours(hours);
        await File.WriteAllTextAsync(run.File("healthy"), "", cancel);
        var ended = await driving;

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.InRange(Assert.Single(ended.Services).CompletedAt!.Value, ended.StartedAt, ended.EndedAt!.Value);
    }

    [Fact]
    public async Task A_release_that_crashes_is_given_up()
    {
        await using var run = await EngineRun.Make(_clock);
        var first = await run.Running(Web);
        var next = await run.Begin(Web, new() { ["CRASH_AT_START"] = "1" });
        await Patience.Until(async () => (await run.Observe(next)).Reason is not null);
        _clock.Offset = TimeSpan.FromHours(-1);
        await Patience.Until(async () => (await run.Observe(next)).State == ObservedState.Failed);
        Assert.Matches(@"^exited with code 3 after [0-9.]+ s, before it became healthy \(3 times\)$", (await run.Observe(next)).Reason);
        Assert.Equal(first.Id, await run.Serves());
    }
}
