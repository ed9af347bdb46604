using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class PromoteTraceTests : Typing, IAsyncLifetime
{
    private readonly HookReceiver _collector = new();
    private readonly ScriptedDriver _driver;

    public PromoteTraceTests() => Rack.DrivenBy = _driver = new(Rack);

    public async ValueTask InitializeAsync()
    {
        await _collector.Start();
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{_collector.Authority}";
        await Rack.Store.Release(cancel: Ending);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _collector.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task A_promotion_is_a_span_of_the_callers_trace()
    {
        Variables["TRACEPARENT"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        _driver.Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("promote"));
        var root = Assert.Single(_collector.Received).Json["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]![0]!;
        Assert.Equal(
            ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"), ((string)root["traceId"]!, (string)root["parentSpanId"]!));
    }

    [Fact]
    public async Task A_failed_one_is_sent_too_and_exits_as_it_did()
    {
        _driver.Ends(PromotionStatus.Failed, "web exited.");
        Assert.Equal(3, await Type("promote"));
        Assert.Contains("web exited.", Assert.Single(_collector.Received).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_its_driver_sends_is_not_sent_again()
    {
        _driver.Ends(PromotionStatus.Succeeded, with: p => p with { Trace = p.Trace! with { IsSentByDriver = true } });
        Assert.Equal(0, await Type("promote"));
        Assert.Empty(_collector.Received);
    }

    [Fact]
    public async Task Whoever_only_watches_sends_nothing()
    {
        Assert.Equal(0, await Type("promote", "--detach"));
        _driver.Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("watch"));
        Assert.Empty(_collector.Received);
    }

    [Fact]
    public async Task A_dead_collector_is_a_note_and_changes_no_exit_code()
    {
        await _collector.Stop();
        _driver.Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("promote"));
        Assert.Contains("note: The trace of promotion P", Talk, StringComparison.Ordinal);
    }
}
