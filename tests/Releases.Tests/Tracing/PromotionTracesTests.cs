using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Tracing;

/// <summary>Traces as a collector gets them, over HTTP.</summary>
public sealed class PromotionTracesTests : IAsyncLifetime
{
    private readonly HookReceiver _collector = new();
    private readonly Dictionary<string, string> _variables = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();

    private PromotionTraces Traces => new(_variables.GetValueOrDefault) { Time = _time };

    public async ValueTask InitializeAsync()
    {
        await _collector.Start();
        _variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{_collector.Authority}/";
        _collector.Response = _ => 200;
        _collector.Body = _ => "{}";
    }

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public async Task It_is_one_request_as_OTLP_has_it_in_JSON()
    {
        _variables["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=s%3Decret, x-team=web";
        _variables["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.team=shop";
        var trace = Traces.Begin()!;
        var ended = Ended(trace);
        Assert.Null(await Traces.Send(ended, "local", Cancel));

        var got = Assert.Single(_collector.Received);
        Assert.Equal(("/v1/traces", "application/json", "s=ecret", "web"),
            (got.Path, got.Headers["Content-Type"], got.Headers["api-key"], got.Headers["x-team"]));
        var resource = got.Json["resourceSpans"]![0]!;
        var attributes = resource["resource"]!["attributes"]!.AsArray()
            .ToDictionary(a => (string)a!["key"]!, a => (string)a!["value"]!["stringValue"]!);
        Assert.Equal(("dotnet-convox", "shop", ToolVersion.Text), (attributes["service.name"], attributes["deployment.team"],
            attributes["service.version"]));
        var spans = resource["scopeSpans"]![0]!["spans"]!.AsArray();
        Assert.All(spans, s => Assert.Equal(trace.TraceId, (string)s!["traceId"]!));
        var root = spans[0]!;
        Assert.Equal(
            ("promote hello", 1, "1795435200000000000", "1795435260000000000", 2, "web exited with code 1."),
            ((string)root["name"]!, (int)root["kind"]!, (string)root["startTimeUnixNano"]!, (string)root["endTimeUnixNano"]!,
                (int)root["status"]!["code"]!, (string)root["status"]!["message"]!));
        Assert.Null(root["parentSpanId"]);
        Assert.Equal((string)root["spanId"]!, (string)spans[1]!["parentSpanId"]!);
    }

    [Fact]
    public async Task Nothing_is_sent_of_a_promotion_without_a_trace_or_that_its_caller_does_not_sample()
    {
        await Traces.Send(Ended(null), "local", Cancel);
        await Traces.Send(Ended(PromotionTrace.New() with { IsSampled = false }), "local", Cancel);
        await Traces.Send(Ended(PromotionTrace.New()) with { Status = PromotionStatus.RollingOut, EndedAt = null }, "local", Cancel);
        Assert.Empty(_collector.Received);
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "")]
    public async Task OpenTelemetrys_own_switches_turn_it_off(string name, string value)
    {
        _variables[name] = value;
        Assert.Null(Traces.Begin());
        Assert.Null(await Traces.Send(Ended(PromotionTrace.New()), "local", Cancel));
        Assert.Empty(_collector.Received);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")]
    public async Task A_collector_that_is_to_be_reached_by_gRPC_gets_nothing_and_a_sentence_says_so(string name)
    {
        _variables[name] = "grpc";
        Assert.Contains("is grpc, and traces are sent over HTTP only", await Sent(), StringComparison.Ordinal);
        Assert.Empty(_collector.Received);
    }

    [Theory]
    [InlineData("localhost:4318")]
    [InlineData("127.0.0.1:4318")]
    [InlineData("grpc://localhost:4317")]
    [InlineData("a collector")]
    public async Task An_endpoint_that_is_not_of_http_is_said_to_be_none(string endpoint)
    {
        _variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        Assert.EndsWith("wasn't sent: the OTLP endpoint must begin with http:// or https://.", await Sent(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_callers_trace_is_taken_up_also_without_a_collector()
    {
        _variables.Clear();
        _variables["TRACEPARENT"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Assert.Equal("00f067aa0ba902b7", Traces.Begin()!.Parent);
        Assert.Null(Traces.Begin(ofCaller: false));
    }

    [Fact]
    public async Task A_collector_that_refuses_is_dead_or_hangs_costs_a_sentence()
    {
        _collector.Response = _ => 503;
        Assert.EndsWith($"wasn't delivered to {_collector.Authority}: it answered 503.", await Sent(), StringComparison.Ordinal);

        _variables["OTEL_EXPORTER_OTLP_TIMEOUT"] = "1000";
        _collector.Response = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return null;
        };
        Assert.EndsWith("no answer within 1s.", await Sent(), StringComparison.Ordinal);

        await _collector.Stop();
        Assert.Contains(new SocketException((int)SocketError.ConnectionRefused).Message, await Sent(), StringComparison.Ordinal);
    }

    private Task<string?> Sent() => Traces.Send(Ended(PromotionTrace.New()), "local", Cancel);

    private static Promotion Ended(PromotionTrace? trace) => A.Promotion(A.Release(), PromotionStatus.Failed) with
    {
        StartedAt = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero),
        EndedAt = new(2026, 11, 23, 12, 1, 0, TimeSpan.Zero),
        Reason = "web exited with code 1.",
        Trace = trace,
    };
}
