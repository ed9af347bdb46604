using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>Whoever stops the rack is stronger than a command that only follows a promotion.</summary>
[Collection("racks")]
public sealed class A_rack_that_is_stopped_under_a_command : IAsyncLifetime
{
    private readonly TestRack _rack = new();
    private ReleaseId _next;

    /// <summary>Without this file, the next release doesn't become healthy.</summary>
    private string Healthy => Path.Combine(_rack.AppFolder, "healthy");

    public async ValueTask InitializeAsync()
    {
        await _rack.Publish("services:\n  web:\n    port: 8080\n    health: /health\n", "web");
        await _rack.Do("promote");
        _next = await _rack.Set($"HEALTHY_WHEN={Healthy}");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Stays_stopped_and_continues_the_promotion_when_it_starts()
    {
        var follower = await Promoting();
        await _rack.Do("rack", "stop");
        await EndsWithTheReason(await follower.Ended);
        await EndsWithTheReason(await _rack.Run("watch"));

        await File.WriteAllTextAsync(Healthy, "", TestContext.Current.CancellationToken);
        await _rack.Do("rack", "start");
        await _rack.Until(async () => await _rack.Active() == _next, "the promotion succeeds");
    }

    [Fact]
    public async Task Is_still_followed_when_it_is_restarted()
    {
        var follower = await Promoting();
        await _rack.Do("rack", "restart");
        await File.WriteAllTextAsync(Healthy, "", TestContext.Current.CancellationToken);
        var run = await follower.Ended;
        Assert.True(run.ExitCode == 0, run.All);
        Assert.Equal(_next, await _rack.Active());
    }

    [Fact]
    public async Task Starts_for_a_new_promotion()
    {
        await _rack.Do("rack", "stop");
        await File.WriteAllTextAsync(Healthy, "", TestContext.Current.CancellationToken);
        await _rack.Do("promote");
        Assert.Equal(_next, await _rack.Active());
    }

    private async Task<RunningTool> Promoting()
    {
        var follower = _rack.Start("promote");
        await _rack.Until(
            () => Task.FromResult($"{follower.Errors}".Contains("web: starting", StringComparison.Ordinal)), "it is followed");
        return follower;
    }

    private async Task EndsWithTheReason(ToolRun run)
    {
        Assert.Equal(4, run.ExitCode);
        Assert.EndsWith(
            $"error CONVOX0045: the rack was stopped, and the promotion ({(await _rack.LastPromotion()).Id}) continues when it starts. "
                + "Start it: dotnet convox rack start\n", run.Error, StringComparison.Ordinal);
        await IsStopped();
    }

    private async Task IsStopped()
    {
        Assert.Equal("stopped", (await _rack.Json("rack")).GetProperty("status").GetString());
        Assert.Empty(_rack.LivingProcesses());
    }
}
