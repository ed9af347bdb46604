using System.Net;
using System.Text;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>HTTP/2 without TLS and without asking, as gRPC speaks it on one machine.</summary>
public sealed class Http2Tests
{
    [Theory]
    [InlineData("hello.localhost", false)]
    [InlineData("127.0.0.1", true)]
    public async Task A_process_that_speaks_http_2_alone_is_reached_by_name_and_at_its_own_port(string host, bool direct)
    {
        await using var web = await SampleProcess.Start(("RELEASE", "R1"), ("HTTP2", "1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running, host, direct ? running.DirectPort : running.Port);

        using var answer = await client.GetAsync("/");

        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("R1", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_process_that_speaks_http_1_answers_clients_of_http_2()
    {
        await using var web = await SampleProcess.Start(("RELEASE", "R1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);

        Assert.Equal("R1", await client.GetStringAsync("/"));
    }

    [Theory]
    [InlineData("/a%2Fb?x=%zz&q=a|b")]
    [InlineData("/%E4/%c3")]
    public async Task A_target_passes_as_it_came(string target)
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);
        var raw = new Uri($"http://hello.localhost:{running.Port}{target}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Options, raw)
        { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var answer = await client.SendAsync(request);

        Assert.Equal(target, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/a?q=\u00e4\u00ff\u0080\u007f", "/a?q=%E4%FF%80%7F")]
    [InlineData("/a|b\\?%zz", "/a|b\\?%zz")]
    public async Task A_target_with_raw_bytes_arrives_escaped_and_with_nothing_of_another_request(string target, string arrives)
    {
        await using var pair = await RawPair.Start();
        pair.Server.RespondsWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        using var client = Client(pair.Router);
        client.DefaultRequestHeaders.Add("Cookie", "session=" + new string('s', 100));
        await client.GetStringAsync("/");
        using var raw = await RawHttp2Client.To(pair.Router.Port);

        await raw.Get(target).Send();

        Assert.Equal("ok", await raw.ReadBody());
        string seen;
        // The probe for HTTP/2, whose preface looks like heads, and the first request come before it.
        do seen = Encoding.Latin1.GetString(await pair.Server.Seen());
        while (!seen.StartsWith("GET /a", StringComparison.Ordinal));
        Assert.StartsWith($"GET {arrives} HTTP/1.1\r\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("sss", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(200_000)]
    public async Task A_targets_size_is_for_the_app_to_judge(int length)
    {
        await using var pair = await RawPair.Start();
        pair.Server.RespondsWith("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        using var client = Client(pair.Router);

        Assert.Equal("ok", await client.GetStringAsync("/?" + new string('q', length)));
    }

    [Theory]
    [InlineData("/ HTTP/1.1")]
    [InlineData("/\t")]
    [InlineData("/\u0001")]
    public async Task A_target_that_would_end_a_line_of_http_1_is_refused(string target)
    {
        await using var pair = await RawPair.Start();
        using var client = await RawHttp2Client.To(pair.Router.Port);

        await client.Get(target).Send();

        Assert.Equal(
            "The request has a request target with white space or a control character, which the router doesn't forward\n",
            await client.ReadBody());
        Assert.Equal(0, pair.Server.Target.Traffic.Read().Requests);
    }

    [Fact]
    public async Task A_client_of_http_1_gets_what_such_a_process_answers_it()
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = running.Client();

        using var answer = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("HTTP/2 only", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health", true)]
    [InlineData(null, true)]
    [InlineData("/upload", false)]
    public async Task Its_health_is_asked_in_http_2(string? path, bool healthy)
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        using var probe = new HealthProbe(TimeProvider.System);

        var seen = await probe.Check(web.Port, new HealthCheck { Path = path, Timeout = TimeSpan.FromSeconds(60) },
            TestContext.Current.CancellationToken);

        Assert.Equal(healthy, seen.Healthy);
        if (!healthy) Assert.Equal("answered 405 to GET /upload", seen.Reason);
    }

    [Fact]
    public async Task Claims_of_where_a_request_came_from_are_replaced_in_http_2_too()
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = Client(running);
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", "6.6.6.6");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Forwarded", "for=6.6.6.6");

        var headers = await client.GetStringAsync("/headers");

        Assert.Contains("x-forwarded-for: 127.0.0.1", headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("6.6.6.6", headers, StringComparison.Ordinal);
    }

    private static HttpClient Client(
        RunningRouter running, string host = "hello.localhost", int? port = null) => new(RunningRouter.Handler())
        {
            BaseAddress = new Uri($"http://{host}:{port ?? running.Port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
}
