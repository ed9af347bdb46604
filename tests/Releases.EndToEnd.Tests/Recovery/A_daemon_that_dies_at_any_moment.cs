using System.Globalization;
using Xunit;

namespace Releases.EndToEnd.Tests;

/// <summary>
/// The crash matrix: a daemon ends itself, as kill -9 would, right before or right after each of its writes during a
/// promotion. The next command brings the app to exactly one consistent state.
/// </summary>
[Collection("racks")]
public sealed class A_daemon_that_dies_at_any_moment : IAsyncLifetime
{
    private const string Web = "services:\n  web:\n    port: 8080\n    health: /health\n  api:\n    port: 8080\n    health: /health\n";

    private readonly TestRack _rack = new();
    private Release _good = null!;

    public async ValueTask InitializeAsync()
    {
        _good = await _rack.Publish(Web, "web", "api");
        await _rack.Do("promote");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Under_a_command_that_waits_is_replaced_and_the_promotion_succeeds()
    {
        var next = await _rack.Set("GREETING=next");
        await EachMoment(async moment =>
        {
            var run = await _rack.Run("promote", next.ToString());
            Assert.True(run.ExitCode == 0, $"moment {moment}: {run.All}\n{_rack.DaemonLog()}");
            await IsConsistent(next, moment);
        });
    }

    [Fact]
    public async Task Together_with_the_command_leaves_what_the_next_command_brings_to_its_end()
    {
        var next = await _rack.Set("GREETING=next");
        await EachMoment(async moment =>
        {
            var daemon = await _rack.DaemonProcess();
            var command = _rack.Start("promote", next.ToString());
            await _rack.Until(() => Task.FromResult(command.Ended.IsCompleted || !TestRack.Lives(daemon)), $"the daemon dies at moment {moment}");
            TestRack.Signal(command.ProcessId, "KILL");
            await command.Ended;

            await _rack.Run("rack", "start");
            await _rack.Until(async () => (await _rack.LastPromotion()).Ended, $"the promotion of moment {moment} ends");
            await IsConsistent((await _rack.LastPromotion()) is { Status: PromotionStatus.Succeeded } done ? done.Release : _good.Id, moment);
        });
    }

    [Fact]
    public async Task During_a_promotion_that_fails_is_replaced_and_everything_goes_back()
    {
        var bad = await _rack.Set("CRASH_AT_START=1");
        await EachMoment(async moment =>
        {
            var run = await _rack.Run("promote", bad.ToString());
            Assert.True(run.ExitCode == 3, $"moment {moment}: {run.ExitCode} {run.All}\n{_rack.DaemonLog()}");
            await IsConsistent(_good.Id, moment);
        });
    }

    /// <summary>From the first moment of a promotion to the first that comes after its end.</summary>
    private async Task EachMoment(Func<int, Task> test)
    {
        for (var moment = 1; ; moment++)
        {
            if (await _rack.Active() != _good.Id) await _rack.Do("promote", _good.Id.ToString());
            await _rack.Do("rack", "stop");
            var armed = _rack.Start(new Dictionary<string, string?> { ["CONVOX_FAILPOINT"] = moment.ToString(CultureInfo.InvariantCulture) }, "rack", "start");
            Assert.Equal(0, (await armed.Ended).ExitCode);
            var daemon = await _rack.DaemonProcess();
            await test(moment);
            if (TestRack.Lives(daemon))
            {
                Assert.True(moment > 10, $"A promotion has only {moment - 1} moments.");
                return;
            }
        }
    }

    private async Task IsConsistent(ReleaseId release, int moment)
    {
        // The daemon may have died after the outcome was written: then this is the command that brings everything back.
        await _rack.Run("rack", "start");
        await _rack.Until(
            async () => (await _rack.Json("services")).EnumerateArray().All(s =>
                s.GetProperty("running").GetInt32() == 1 && s.GetProperty("status").GetString() == "running" && s.GetProperty("release").GetString() == release.ToString())
                && _rack.LivingProcesses().Count == 2,
            $"moment {moment}: both services run {release} and nothing else is left");
        Assert.Equal(release, await _rack.Active());
        foreach (var service in (string[])["web", "api"])
            Assert.StartsWith(release.ToString(), await _rack.Get("/", service), StringComparison.Ordinal);
        await using var rack = _rack.Open();
        Assert.Null(await rack.Store.FindLock(TestRack.App));
    }
}
