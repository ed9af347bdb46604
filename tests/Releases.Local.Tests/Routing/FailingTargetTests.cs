using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

public sealed class FailingTargetTests
{
    [Fact]
    public async Task A_request_goes_to_another_process_when_one_is_dead_also_with_its_body()
    {
        await using var alive = await SampleProcess.Start();
        var dead = new RouteTarget("web-dead", FreePort.Take());
        await using var running = await RunningRouter.Start(dead, alive.Target);
        using var client = running.Client();

        for (var i = 0; i < 4; i++)
        {
            using var answer = await client.PostAsync("/upload", new ByteArrayContent(new byte[1000]));
            Assert.Equal("1000", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(0, dead.InFlight);
        // An answer has come before its request counts as ended.
        await Patience.Until(() => alive.Target.InFlight == 0);
    }

    [Fact]
    public async Task A_request_waits_for_a_process_to_take_the_place_of_the_dead_one()
    {
        await using var next = await SampleProcess.Start(("RELEASE", "R2"));
        var dead = new RouteTarget("web-dead", FreePort.Take());
        await using var running = await RunningRouter.Start(dead);
        using var client = running.Client();

        var asked = client.GetStringAsync("/");
        running.Publish(next.Target);

        Assert.Equal("R2", await asked);
    }

    [Fact]
    public async Task A_request_that_no_process_takes_is_a_502_that_says_where_to_look()
    {
        var dead = new RouteTarget("web-dead", FreePort.Take());
        await using var running = await RunningRouter.Start(dead);
        using var client = running.Client();

        using var answer = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(
            "The process web-dead of hello didn't answer. Show its log: dotnet convox logs --app hello --service web\n",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_request_right_after_the_end_of_the_last_process_is_answered_as_later_ones_are(int http)
    {
        var dead = new RouteTarget("web-dead", FreePort.Take());
        await using var running = await RunningRouter.Start(dead);
        using var client = running.Client();
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (new(http, http == 1 ? 1 : 0), HttpVersionPolicy.RequestVersionExact);

        var asked = client.GetAsync("/");
        await Patience.Until(() => dead.Traffic.Read().Failed == 1);
        running.Publish([]);
        using var first = await asked;
        using var next = await client.GetAsync("/");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (first.StatusCode, next.StatusCode));
        Assert.Equal(await next.Content.ReadAsStringAsync(), await first.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_request_that_is_broken_off_is_given_to_no_other_process()
    {
        await using var servers = await BreakingServers.Start(5);
        await using var running = await RunningRouter.Start(servers.Targets);
        using var client = running.Client();

        using var answer = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(1, servers.Requests.Count(r => r > 0));
    }

    [Theory]
    [InlineData("GET", 1)]
    [InlineData("HEAD", 1)]
    [InlineData("OPTIONS", 1)]
    [InlineData("PUT", 1)]
    [InlineData("DELETE", 1)]
    [InlineData("POST", 1)]
    [InlineData("GET", 2)]
    [InlineData("POST", 2)]
    [InlineData("GET", 2, true)]
    [InlineData("POST", 2, true)]
    public async Task A_request_that_its_process_dies_of_kills_no_other(string method, int http, bool isProcessHttp2 = false)
    {
        (string, string)[] environment = isProcessHttp2 ? [("HTTP2", "1")] : [];
        await using var a = await SampleProcess.Start(environment);
        await using var b = await SampleProcess.Start(environment);
        await using var c = await SampleProcess.Start(environment);
        await using var running = await RunningRouter.Start(a.Target, b.Target, c.Target);
        using var client = running.Client();
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (new(http, http == 1 ? 1 : 0), HttpVersionPolicy.RequestVersionExact);
        // A kept connection that ends is also what makes a client send a request again.
        for (var i = 0; i < 12; i++) await client.GetStringAsync("/");
        using var request = new HttpRequestMessage(new(method), "/die")
        { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await Patience.Until(() => new[] { a, b, c }.Count(p => p.IsRunning) == 2);
        var next = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.GetAsync("/health")));
        Assert.All(next, n => Assert.Equal(HttpStatusCode.OK, n.StatusCode));
        Assert.Equal(2, new[] { a, b, c }.Count(p => p.IsRunning));
    }

    [Fact]
    public async Task A_put_that_may_have_been_carried_out_is_delivered_once()
    {
        await using var servers = await BreakingServers.Start(3);
        await using var running = await RunningRouter.Start(servers.Targets);
        using var client = running.Client();

        using var put = await client.PutAsync("/", new ByteArrayContent([]));
        using var delete = await client.DeleteAsync("/");

        Assert.Equal([HttpStatusCode.BadGateway, HttpStatusCode.BadGateway], [put.StatusCode, delete.StatusCode]);
        Assert.Equal(2, servers.Requests.Sum());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_post_that_may_have_been_carried_out_is_delivered_once(int length)
    {
        await using var servers = await BreakingServers.Start(3);
        await using var running = await RunningRouter.Start(servers.Targets);
        using var client = running.Client();

        using var answer = await client.PostAsync("/", new ByteArrayContent(new byte[length]));

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(1, servers.Requests.Sum());
    }

    [Fact]
    public async Task A_hundred_megabytes_are_streamed_up()
    {
        await using var web = await SampleProcess.Start();
        await using var running = await RunningRouter.Start(web.Target);
        using var client = running.Client();
        using var body = new StreamContent(new Zeros(100_000_000), 64 * 1024);

        using var answer = await client.PostAsync("/upload", body);

        Assert.Equal("100000000", await answer.Content.ReadAsStringAsync());
    }
}
