using Xunit;

namespace Releases.EndToEnd.Tests.Promoting;

/// <summary>What <c>release</c> in convox.yml does on a real rack, with real processes.</summary>
[Collection("racks")]
public sealed class A_release_command : IAsyncLifetime
{
    private readonly TestRack _rack = new();

    public async ValueTask InitializeAsync()
    {
        await _rack.Publish("services:\n  web:\n    port: 8080\n", "web");
        await _rack.Do("promote");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Runs_once_before_the_rollout_with_the_new_code_and_environment_and_is_shown_and_kept()
    {
        var release = await Publish("ls SampleApp* >/dev/null && echo migrating $RELEASE with $GREETING && echo run >> $CONVOX_DATA/runs");
        var next = await _rack.Set("GREETING=tables");
        var promoted = await _rack.Run("promote");
        Assert.True(promoted.ExitCode == 0, promoted.All);
        Assert.Contains($"The release command of web printed:\n  migrating {next} with tables\n", promoted.Error, StringComparison.Ordinal);
        Assert.Contains("web: release command done after ", promoted.Error, StringComparison.Ordinal);
        Assert.Contains($"migrating {next} with tables", await _rack.Do("logs", "-s", "web"), StringComparison.Ordinal);

        await _rack.Do("restart");
        var data = Path.Combine(_rack.Home, "data", "hello", "web", "runs");
        Assert.Equal("run\n", await File.ReadAllTextAsync(data));
        await _rack.Do("restart", "--run-release");
        Assert.Equal("run\nrun\n", await File.ReadAllTextAsync(data));
        await _rack.Do("rollback", release.ToString());
        Assert.Equal("run\nrun\n", await File.ReadAllTextAsync(data));
    }

    [Fact]
    public async Task That_fails_stops_the_promotion_and_nothing_was_touched()
    {
        var (active, before) = (await _rack.Active(), _rack.LivingProcesses());
        await Publish("echo no such table; exit 7");
        var refused = await _rack.Run("promote");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("the release command of web exited with code 7. No process was replaced: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("  no such table", refused.Error, StringComparison.Ordinal);
        Assert.Equal(active, await _rack.Active());
        Assert.Equal(before, _rack.LivingProcesses());
        Assert.Contains("no such table", await _rack.Do("promotions", "info", (await _rack.LastPromotion()).Id.ToString()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_runs_when_the_daemon_dies_is_not_run_again()
    {
        await Publish("echo begun >> $CONVOX_DATA/runs; sleep 60");
        var promoting = _rack.Start("promote");
        var data = Path.Combine(_rack.Home, "data", "hello", "web", "runs");
        await _rack.Until(() => Task.FromResult(File.Exists(data)), "the command has begun");
        TestRack.Signal(await _rack.DaemonProcess(), "KILL");

        var ended = await promoting.Ended;
        Assert.True(ended.ExitCode == 3, ended.All);
        Assert.Contains("note: the rack's daemon had died and was started again\n", ended.Error, StringComparison.Ordinal);
        Assert.Contains("its outcome is unknown", ended.Error, StringComparison.Ordinal);
        Assert.Equal("begun\n", await File.ReadAllTextAsync(data));
        await _rack.Until(async () => (await _rack.Json("services"))[0].GetProperty("healthy").GetInt32() == 1, "what ran is back");
    }

    [Fact]
    public async Task Is_ended_by_cancel()
    {
        await Publish("echo begun; sleep 60");
        var promoting = _rack.Start("promote");
        await _rack.Until(async () => (await _rack.LastPromotion()).Status == PromotionStatus.Releasing, "releasing");
        Assert.Equal(0, (await _rack.Run("cancel")).ExitCode);
        Assert.Equal(3, (await promoting.Ended).ExitCode);
        Assert.Equal(PromotionStatus.Cancelled, (await _rack.LastPromotion()).Status);
        await _rack.Until(() => Task.FromResult(_rack.LivingProcesses().Count == 1), "the command is gone");
    }

    private async Task<ReleaseId> Publish(string command) =>
        (await _rack.Publish($"services:\n  web:\n    port: 8080\n    release: {command}\n", "web")).Id;
}
