using System.Text.Json;
using Xunit;

namespace Releases.EndToEnd.Tests.Versions;

/// <summary>Tool and daemon of two versions on one rack: they keep working together, and a daemon is replaced when somebody asks
/// for it.</summary>
[Collection("racks")]
public sealed class Tools_of_two_versions(LaterVersion later) : IAsyncLifetime
{
    private const string Web = "services:\n  web:\n    port: 8080\n    health: /health\n    command: echo $GREETING; exec ./SampleApp\n";

    private readonly TestRack _rack = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Theory, InlineData(true), InlineData(false)]
    public async Task Go_on_with_the_daemon_that_runs_until_one_is_told_to_restart_it(bool toolIsLater)
    {
        var (first, second) = toolIsLater ? (TestRack.Tool, await later.Tool) : (await later.Tool, TestRack.Tool);
        var (older, newer) = toolIsLater ? (ToolVersion.Text, LaterVersion.Version) : (LaterVersion.Version, ToolVersion.Text);
        _rack.Uses = first;
        await _rack.Publish(Web, "web");
        await _rack.Do("promote");
        var daemon = await _rack.DaemonProcess();

        _rack.Uses = second;
        Assert.Equal("active", (await _rack.Json("releases"))[0].GetProperty("status").GetString());
        var following = _rack.Start("logs", "-f");
        await _rack.Set("GREETING=next");
        await _rack.Do("promote");
        Assert.EndsWith(" next", await _rack.Get("/"), StringComparison.Ordinal);
        await _rack.Until(() => Task.FromResult(following.Output.ToString().Contains(" next\n", StringComparison.Ordinal)),
            "what the new process prints is followed");
        TestRack.Signal(following.ProcessId, "TERM");
        await following.Ended;
        await IsCancelled(begunBy: first, cancelledBy: second);

        var shown = await _rack.Run("rack");
        var how = toolIsLater
            ? "restart the rack to update it: dotnet convox rack restart"
            : "update this tool: dotnet tool update dotnet-convox";
        Assert.Equal($"note: the daemon has version {older}, this tool {newer}; {how}\n", shown.Error);
        Assert.Contains($"Daemon   {older}\nTool     {newer}\n", shown.Out, StringComparison.Ordinal);
        await _rack.Do("rack", "start");
        Assert.Equal(daemon, await _rack.DaemonProcess());

        var active = await _rack.Active();
        // Whether this line is printed depends on how fast the service answers.
        Assert.Equal("",
            (await _rack.Run("rack", "restart")).Error.Replace("Waiting for web of hello to answer.\n", "", StringComparison.Ordinal));
        Assert.Equal(newer, (await _rack.Json("rack")).GetProperty("version").GetString());
        await _rack.Until(async () => (await _rack.Json("services"))[0].GetProperty("healthy").GetInt32() == 1, "the service is back");
        Assert.Equal(active, await _rack.Active());
        Assert.EndsWith(" next", await _rack.Get("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_start_a_daemon_at_once_start_one()
    {
        string[] tools = [TestRack.Tool, await later.Tool];
        for (var round = 0; round < 2; round++)
        {
            var starts = Enumerable.Range(0, 6).Select(i =>
            {
                _rack.Uses = tools[i % 2];
                return _rack.Run("rack", "start", "--json");
            }).ToList();
            var runs = await Task.WhenAll(starts);
            Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.All + _rack.DaemonLog()));
            Assert.Single(runs.Select(run => JsonDocument.Parse(run.Out).RootElement.GetProperty("pid").GetInt32()).Distinct());
            await _rack.Do("rack", "stop");
        }
    }

    [Fact]
    public async Task Do_not_need_the_folder_that_the_daemon_was_started_from()
    {
        _rack.Uses = await later.Install("updated");
        await _rack.Publish(Web, "web");
        await _rack.Do("promote");
        var daemon = await _rack.DaemonProcess();
        Directory.Delete(Path.GetDirectoryName(_rack.Uses)!, recursive: true);

        _rack.Uses = TestRack.Tool;
        await _rack.Set("GREETING=still here");
        await _rack.Do("promote");
        Assert.EndsWith(" still here", await _rack.Get("/"), StringComparison.Ordinal);
        Assert.Equal(daemon, await _rack.DaemonProcess());
        Assert.Equal(LaterVersion.Version, (await _rack.Json("rack")).GetProperty("version").GetString());
    }

    private async Task IsCancelled(string begunBy, string cancelledBy)
    {
        var active = await _rack.Active();
        var slow = await _rack.Set("HEALTHY_AFTER=60");
        _rack.Uses = begunBy;
        var promoting = _rack.Start("promote", slow.ToString());
        await _rack.Until(async () => await _rack.LastPromotion() is { Status: PromotionStatus.RollingOut } last && last.Release == slow,
            "the rollout has begun");
        _rack.Uses = cancelledBy;
        await _rack.Do("cancel");
        Assert.Equal(3, (await promoting.Ended).ExitCode);
        Assert.Equal(active, await _rack.Active());
    }
}
