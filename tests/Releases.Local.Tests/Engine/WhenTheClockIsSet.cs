using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>A clock that is set back an hour, as by the first synchronization after a boot, keeps no process from being restarted.</summary>
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
