using System.Net;
using System.Net.Sockets;
using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Metrics;

/// <summary>Metrics for programs that keep them.</summary>
public sealed class OpenMetricsTests
{
    private static readonly ServiceKey Web = new(A.App, A.Web);
    private static readonly ReleaseId Release = ReleaseId.New();
    private static readonly string Labels = $"app=\"hello\",release=\"{Release}\",service=\"web\"";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_rack_without_services_has_families_and_no_samples() =>
        Assert.Empty(OpenMetricsFormat.Read(OpenMetricsText.Write([], [])).Samples);

    [Fact]
    public void What_the_router_counted_and_processes_use_is_there_as_the_format_has_it()
    {
        var traffic = new TrafficRegistry(TimeProvider.System);
        foreach (var promotion in (PromotionId[])[PromotionId.New(), PromotionId.New()])
            Serve(traffic.Use(Web, Release, promotion).Traffic);
        Serve(traffic.Use(new(A.App, ServiceName.Parse("api")), Release, PromotionId.New()).Traffic);
        var process = new RunningProcess("web-1", A.Web, Release, ProcessStatus.Healthy, A.Moment, 0, Environment.ProcessId, 4096);

        var samples = OpenMetricsFormat.Read(OpenMetricsText.Write(traffic.Totals, [(A.App, process),
            (A.App, process with { Id = "web-2", ProcessId = null, MemoryBytes = null })])).Samples;

        // Two promotions of a release are one series.
        Assert.Equal(6, samples[$"convox_requests_total{{{Labels}}}"]);
        Assert.Equal(2, samples[$"convox_server_errors_total{{{Labels}}}"]);
        Assert.Equal(2, samples[$"convox_failed_requests_total{{{Labels}}}"]);
        Assert.Equal(1_000_000_000_000, samples[$"convox_received_bytes_total{{{Labels}}}"]);
        Assert.Equal(2, samples[$"convox_requests_in_flight{{{Labels}}}"]);
        Assert.Equal(4, samples[$"convox_response_seconds_count{{{Labels}}}"]);
        Assert.Equal(2.004, samples[$"convox_response_seconds_sum{{{Labels}}}"], 6);
        Assert.Equal(2, samples[$"convox_response_seconds_bucket{{app=\"hello\",le=\"0.131072\",release=\"{Release}\",service=\"web\"}}"]);
        Assert.Equal(4096,
            samples[$"convox_process_memory_bytes{{app=\"hello\",process=\"web-1\",release=\"{Release}\",service=\"web\"}}"]);
        Assert.True(!OperatingSystem.IsLinux()
            || samples[$"convox_process_cpu_seconds_total{{app=\"hello\",process=\"web-1\",release=\"{Release}\",service=\"web\"}}"] > 0);
        Assert.DoesNotContain(samples.Keys, s => s.Contains("web-2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_counter_never_falls_however_often_a_release_is_promoted()
    {
        var traffic = new TrafficRegistry(TimeProvider.System);
        for (var promotion = 1; promotion <= 6; promotion++)
        {
            using var serving = traffic.Use(Web, Release, PromotionId.New());
            Serve(serving.Traffic);
            var samples = OpenMetricsFormat.Read(OpenMetricsText.Write(traffic.Totals, [])).Samples;
            Assert.Equal(3 * promotion, samples[$"convox_requests_total{{{Labels}}}"]);
            Assert.Equal(2 * promotion, samples[$"convox_response_seconds_count{{{Labels}}}"]);
            Assert.Equal(1.002 * promotion, samples[$"convox_response_seconds_sum{{{Labels}}}"], 6);
        }
    }

    [Fact]
    public async Task They_are_served_at_one_address_of_this_machine_alone()
    {
        var port = FreePort.Take();
        await using var server = await OpenMetricsServer.Start(port, () => OpenMetricsText.Write([], []));
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

        using var answer = await client.GetAsync("/metrics", Cancel);

        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", $"{answer.Content.Headers.ContentType}");
        OpenMetricsFormat.Read(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("/metrics", null, Cancel)).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(foreign, Cancel)).StatusCode);
    }

    [Fact]
    public async Task They_are_served_where_the_settings_say_from_when_these_are_applied()
    {
        using var home = new TemporaryHome();
        await using var endpoint = new MetricsEndpoint(home.Home, () => OpenMetricsText.Write([], []), new(TimeProvider.System));
        await endpoint.Apply();
        var (first, second) = (FreePort.Take(), FreePort.Take());
        await Serve(first);
        Assert.Equal((true, false), (await Answers(first), await Answers(second)));
        await Serve(second);
        Assert.Equal((false, true), (await Answers(first), await Answers(second)));

        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var taken = ((IPEndPoint)other.LocalEndPoint!).Port;
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() => Serve(taken))).Is(ProblemCode.PortInUse));
        Assert.True(await Answers(second));
        await Serve(null);
        Assert.False(await Answers(second));

        Task Serve(int? port)
        {
            RouterSettings.SetMetricsPort(home.Home, port);
            return endpoint.Apply();
        }
    }

    private static async Task<bool> Answers(int port)
    {
        using var client = new HttpClient();
        try
        {
            return (await client.GetAsync(OpenMetrics.Address(port), Cancel)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static void Serve(ReleaseTraffic traffic)
    {
        for (var i = 0; i < 3; i++) traffic.Requested();
        traffic.Answered(200, TimeSpan.FromMilliseconds(2));
        traffic.Answered(503, TimeSpan.FromSeconds(1));
        traffic.Failed();
        traffic.Passed(500_000_000_000, 1);
        traffic.Enter();
    }
}
