using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Promoting;

/// <summary>The trace of a promotion, from the real daemon or command to a collector: once each.</summary>
[Collection("racks")]
public sealed class A_promotion_that_is_traced : IAsyncLifetime
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly TestRack _rack = new();
    private readonly HookReceiver _collector = new();

    public async ValueTask InitializeAsync()
    {
        await _collector.Start();
        await _rack.Publish("services:\n  web:\n    port: 8080\n", "web");
    }

    public async ValueTask DisposeAsync()
    {
        await _rack.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Is_sent_by_the_daemon_whether_a_command_stays_or_not()
    {
        _rack.Variables[Endpoint] = $"http://{_collector.Authority}";
        await _rack.Do("promote");
        await _rack.Do("promote", "--detach");
        await _rack.Do("watch");
        // It ends what it does first, so nothing else comes.
        await _rack.Do("rack", "stop");
        Assert.Equal(await Promotions(2), Sent());
    }

    [Fact]
    public async Task Is_sent_by_the_command_where_the_daemon_has_no_collector()
    {
        await _rack.Do("rack", "start");
        _rack.Variables[Endpoint] = $"http://{_collector.Authority}";
        await _rack.Do("promote");
        await _rack.Do("rack", "stop");
        Assert.Equal(await Promotions(1), Sent());
    }

    private async Task<IEnumerable<string>> Promotions(int count)
    {
        await using var rack = _rack.Open();
        return [.. (await rack.Store.ListPromotions(TestRack.App, count)).Select(p => p.Id.ToString()).Order(StringComparer.Ordinal)];
    }

    /// <summary>Of which promotions a trace came.</summary>
    private IEnumerable<string> Sent() => _collector.Received
        .Select(r => r.Json["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]![0]!["attributes"]!.AsArray()
            .Single(a => (string)a!["key"]! == "deployment.id")!["value"]!["stringValue"]!.GetValue<string>())
        .Order(StringComparer.Ordinal);
}
