using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>A promotion whose command is killed, and then the one that approves it: the daemon finishes it anyway.</summary>
[Collection("racks")]
public sealed class A_command_that_dies_in_a_canary : IAsyncLifetime
{
    private const string Web =
        "services:\n  web: { port: 8080, health: /health, environment: ['*'], verify: 'sleep 1', "
        + "deployment: { strategy: canary, percent: 10, interval: 4s, bake: 4s } }\n";

    private readonly TestRack _rack = new();

    public async ValueTask InitializeAsync()
    {
        await _rack.Publish(Web, "web");
        await _rack.Do("promote");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Leaves_a_promotion_that_comes_to_the_same_end()
    {
        await DiesAt("begun", _ => true, "approved", p => p.Hold?.ApprovedAt is not null);
        await DiesAt("verified", p => p.VerifyCommands.Count > 0, "step 1", p => p.Traffic?.Step == 1);
        await DiesAt("held", p => p.WaitsForApproval, "bake", p => p.Traffic?.Step == 2);
    }

    /// <summary>A rack that is stopped meanwhile reports it, and continues where it was.</summary>
    private async Task Stop(ReleaseId next)
    {
        var stop = await _rack.Run("rack", "stop");
        Assert.Equal(0, stop.ExitCode);
        Assert.EndsWith($" ({next}) in hello isn't finished. It continues when the rack starts.\n",
            stop.Error, StringComparison.Ordinal);
        await _rack.Do("rack", "start");
        Assert.True((await _rack.LastPromotion()).WaitsForApproval);
    }

    private async Task DiesAt(string first, Func<Promotion, bool> killFirst, string second, Func<Promotion, bool> killSecond)
    {
        var next = await _rack.Set($"GREETING={first}");
        await Kill(_rack.Start("promote", next.ToString(), "--hold"), first, killFirst);
        await _rack.Until(async () => (await _rack.LastPromotion()).WaitsForApproval, $"{first}: it waits for an approval");
        if (first == "held") await Stop(next);
        await Kill(_rack.Start("approve"), second, killSecond);
        await _rack.Until(async () => (await _rack.LastPromotion()).Ended, $"{second}: it ends");
        var ended = await _rack.LastPromotion();
        Assert.True(ended is { Status: PromotionStatus.Succeeded, Hold.ApprovedBy: "somebody@box" }, $"{first}, {second}: {ended.Reason}");
        Assert.Equal([0, 10, 100, 100], ended.Steps.Select(s => s.Percent));
        Assert.Single(ended.VerifyCommands);
        Assert.Equal(next, await _rack.Active());
        Assert.Equal($"{next} {first}", await _rack.Get("/"));

        async Task Kill(RunningTool command, string at, Func<Promotion, bool> when)
        {
            await _rack.Until(async () => await _rack.LastPromotion() is var now && now.Release == next && (now.Ended || when(now)), at);
            Assert.False(command.Ended.IsCompleted, $"{at}: {command.Output}{command.Errors}");
            TestRack.Signal(command.ProcessId, "KILL");
            Assert.Equal(137, (await command.Ended).ExitCode);
        }
    }
}
