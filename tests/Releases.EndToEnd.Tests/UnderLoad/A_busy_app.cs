using Xunit;

namespace Releases.EndToEnd.Tests.UnderLoad;

[Collection("racks")]
public sealed class A_busy_app : IAsyncLifetime
{
    private const string TwoProcesses =
        "services:\n  web:\n    port: 8080\n    health: /health\n    environment: ['*', KESTREL=1]\n    scale:\n      count: 2\n";

    private readonly TestRack _rack = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Theory]
    [InlineData("", true)]
    [InlineData("", false)]
    [InlineData("    deployment:\n      minimum: 50\n      maximum: 100\n", false)]
    public async Task Loses_no_request_through_three_promotions(string limits, bool byName)
    {
        await _rack.Publish(TwoProcesses + limits, "web");
        await _rack.Do("promote");
        var port = (await _rack.Json("rack")).GetProperty("routerPort").GetInt32();
        await using var load = byName
            ? new Load(new($"http://127.0.0.1:{port}"), "web.hello.localhost")
            : new Load(await _rack.Address("web"));
        load.Start(clients: 50);

        for (var i = 1; i <= 3; i++)
        {
            var slow = load.Slow(TimeSpan.FromSeconds(5));
            await _rack.Set($"GREETING=greeting{i}");
            await _rack.Do("promote");
            await slow;
        }

        await load.Stop();
        Assert.Empty(load.Failures);
        Assert.True(load.Answered > 1000, $"only {load.Answered} requests");
        Assert.True(load.Echoed > 0, "the WebSocket was never answered");
    }

    [Fact]
    public async Task Loses_no_request_while_a_release_fails_and_goes_back()
    {
        await _rack.Publish(TwoProcesses, "web");
        await _rack.Do("promote");
        await using var load = new Load(await _rack.Address("web"));
        load.Start(clients: 50);

        await _rack.Set("CRASH_AT_START=1");
        Assert.Equal(3, (await _rack.Run("promote")).ExitCode);
        await _rack.Set("CRASH_AT_START=", "HEALTH=500");
        Assert.Equal(3, (await _rack.Run("promote", "--timeout", "4s")).ExitCode);

        await load.Stop();
        Assert.Empty(load.Failures);
    }
}
