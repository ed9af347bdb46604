using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>What the router counts of a release's requests.</summary>
public sealed class TrafficTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: hello.localhost\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Error = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public async Task Requests_answers_errors_and_bytes_are_counted()
    {
        await using var pair = await RawPair.Start();
        using var client = await pair.Connect();
        pair.Server.RespondsWith(Ok);
        for (var i = 0; i < 3; i++) await Ask(client, Get, 2);
        pair.Server.RespondsWith(Error);
        await Ask(client, Get, 0);
        var before = await Counted(pair, c => c.BytesOut == (3 * Ok.Length) + Error.Length);
        pair.Server.Plays(new RawExchange([], Encoding.ASCII.GetBytes(Ok)) { RequestBody = 5 });
        await Ask(client, "POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 5\r\n\r\nhello", 2);

        Assert.Equal((4, 1, 0), (before.Requests, before.ServerErrors, before.Failed));
        Assert.Equal(4, before.Latencies.Total);
        Assert.Equal(4 * Get.Length, before.BytesIn);
        Assert.Equal((3 * Ok.Length) + Error.Length, before.BytesOut);
        var later = (await Counted(pair, c => c.BytesOut > before.BytesOut)).Since(before);
        Assert.Equal((1, 0, 0, 1), (later.Requests, later.ServerErrors, later.Failed, later.Latencies.Total));
        Assert.Equal(Ok.Length, later.BytesOut);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Half")]
    [InlineData("nothing of the kind\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhalf")]
    public async Task A_request_that_a_process_breaks_off_has_failed(string answer)
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            await connection.Send(answer);
            return false;
        });
        using var client = await pair.Connect();

        await client.Send(Get);
        await client.Head();

        Assert.Equal(1, (await Counted(pair, c => c.Failed == 1)).Requests);
    }

    [Fact]
    public async Task A_request_that_a_process_takes_no_connection_for_has_failed_there_and_is_counted_where_it_went_as_well()
    {
        await using var alive = await SampleProcess.Start();
        var dead = new RouteTarget("web-dead", FreePort.Take());
        await using var running = await RunningRouter.Start(dead, alive.Target);
        using var client = running.Client();

        for (var i = 0; i < 4; i++) await client.GetStringAsync("/");

        var (failed, answered) = (dead.Traffic.Read(), alive.Target.Traffic.Read());
        Assert.True(failed.Requests > 0);
        Assert.Equal(failed.Requests, failed.Failed);
        Assert.Equal((4, 0), (answered.Requests, answered.Failed));
    }

    [Fact]
    public async Task A_kept_connection_that_has_ended_is_no_failure_where_the_request_is_sent_again()
    {
        await using var pair = await RawPair.Start();
        var count = 0;
        pair.Server.Plays(async connection =>
        {
            if ((await connection.Head()).Length == 0) return false;
            // The second request on a connection finds its end instead of an answer.
            if (Interlocked.Increment(ref count) == 2) return false;
            await connection.Send(Ok);
            return true;
        });
        using var client = await pair.Connect();

        await Ask(client, Get, 2);
        await Ask(client, Get, 2);

        Assert.Equal(3, count);
        var counts = await Counted(pair, c => c.Latencies.Total == 2);
        Assert.Equal((2, 0), (counts.Requests, counts.Failed));
    }

    [Fact]
    public async Task What_is_in_flight_is_counted_and_a_client_that_leaves_is_no_failure()
    {
        await using var pair = await RawPair.Start();
        var asked = Hangs(pair);
        var traffic = pair.Server.Target.Traffic;
        using (var client = await pair.Connect())
        {
            await client.Send(Get);
            await asked;
            await Patience.Until(() => traffic.Waiting is [{ Count: 1 }]);
            Assert.Equal(1, traffic.InFlight);
        }

        await Patience.Until(() => traffic.InFlight == 0);
        var counts = traffic.Read();
        Assert.Equal((1, 0, 0), (counts.Requests, counts.Failed, counts.Latencies.Total));
        await Patience.Until(() => traffic.GivenUp.Total == 1);
        Assert.Empty(traffic.Waiting);
    }

    [Fact]
    public async Task A_request_whose_body_is_on_its_way_does_not_wait_for_an_answer_yet()
    {
        await using var pair = await RawPair.Start();
        var asked = Hangs(pair);
        var traffic = pair.Server.Target.Traffic;
        using var client = await pair.Connect();
        await client.Send("POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 5\r\n\r\nhe");
        await asked;
        Assert.Equal(1, traffic.InFlight);
        Assert.Empty(traffic.Waiting);
        await client.Send("llo");
        await Patience.Until(() => traffic.Waiting.Count == 1);
    }

    [Fact]
    public async Task A_request_over_http_2_whose_body_is_on_its_way_does_not_wait_for_an_answer_yet_either()
    {
        await using var pair = await RawPair.Start();
        var asked = Hangs(pair);
        var traffic = pair.Server.Target.Traffic;
        using var client = await RawHttp2Client.To(pair.Router.Port);
        await client.Head("/").Body("he").Send();
        await asked;
        Assert.Equal(1, traffic.InFlight);
        Assert.Empty(traffic.Waiting);
        await client.Body("llo").End().Send();
        await Patience.Until(() => traffic.Waiting.Count == 1);
    }

    [Fact]
    public async Task A_client_of_http_2_that_leaves_is_counted_too()
    {
        await using var web = await SampleProcess.Start(("DELAY", "600000"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = running.Client();
        client.DefaultRequestVersion = new(2, 0);
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var leaves = new CancellationTokenSource();
        var traffic = web.Target.Traffic;
        var asking = client.GetAsync("/work", leaves.Token);
        await Patience.Until(() => traffic.Waiting is [{ Count: 1 }]);

        await leaves.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => asking);
        await Patience.Until(() => traffic.GivenUp.Total == 1);
        Assert.Empty(traffic.Waiting);
        Assert.Equal(0, traffic.Read().Failed);
    }

    [Fact]
    public void Requests_that_wait_are_counted_by_the_second()
    {
        var time = new FakeTimeProvider();
        var traffic = new ReleaseTraffic(time);
        var (first, second) = (traffic.Wait(), traffic.Wait());
        time.Advance(TimeSpan.FromSeconds(7));
        var third = traffic.Wait();
        Assert.Equal([(0, 1), (6, 2)], traffic.Waiting.Select(w => ((int)w.UpTo.TotalSeconds, (int)w.Count)));
        traffic.EndWait(first, isGivenUp: true);
        traffic.EndWait(second, isGivenUp: false);
        traffic.EndWait(third, isGivenUp: false);
        Assert.Empty(traffic.Waiting);
        Assert.InRange(traffic.GivenUp.Percentile(1)!.Value.TotalSeconds, 7, 8);
    }

    [Fact]
    public async Task A_web_socket_is_one_request()
    {
        await using var web = await SampleProcess.Start();
        await using var running = await RunningRouter.Start(web.Target);
        using var invoker = new HttpMessageInvoker(RunningRouter.Handler());
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://hello.localhost:{running.Port}/ws"), invoker, TestContext.Current.CancellationToken);

        var counts = web.Target.Traffic.Read();
        Assert.Equal((1, 1, 0), (counts.Requests, counts.Latencies.Total, counts.Failed));
        Assert.Empty(web.Target.Traffic.Waiting);
        await Patience.Until(() => web.Target.Traffic.InFlight == 0);
    }

    [Fact]
    public async Task Http_2_is_counted_too()
    {
        await using var web = await SampleProcess.Start(("HEALTH", "500"));
        await using var running = await RunningRouter.Start(web.Target);
        using var client = running.Client();
        client.DefaultRequestVersion = new(2, 0);
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        using var answer = await client.GetAsync("/health");

        var counts = web.Target.Traffic.Read();
        Assert.Equal((1, 1, 1), (counts.Requests, counts.ServerErrors, counts.Latencies.Total));
        Assert.Empty(web.Target.Traffic.Waiting);
    }

    [Fact]
    public void A_release_that_runs_keeps_its_counters_whatever_is_promoted_beside_it()
    {
        var registry = new TrafficRegistry(TimeProvider.System);
        var (web, worker) = (Key("web"), Key("worker"));
        var (release, active) = (ReleaseId.New(), PromotionId.New());
        using var serving = registry.Use(web, release, active);
        using var elsewhere = registry.Use(worker, release, active);
        var failed = new List<TrafficUse>();
        for (var i = 0; i < 6; i++)
        {
            var promotion = PromotionId.New();
            failed.Add(registry.Use(web, release, promotion));
            // Its processes share them.
            using var second = registry.Use(web, release, promotion);
            Assert.Same(failed[^1].Traffic, second.Traffic);
            failed[^1].Dispose();
            failed[^1].Dispose();
        }

        Assert.Equal(7, failed.Append(serving).Select(u => u.Traffic).Distinct().Count());
        Assert.Equal([serving.Traffic, .. failed[3..].Select(u => u.Traffic)], Of(web));
        Assert.Same(serving.Traffic, registry.Find(web, release, active));
        Assert.Null(registry.Find(web, release, PromotionId.New()));
        // It crashes and is started again: the others ended before it did.
        serving.Dispose();
        Assert.Equal([.. failed[4..].Select(u => u.Traffic), serving.Traffic], Of(web));
        using var again = registry.Use(web, release, active);
        Assert.Same(serving.Traffic, again.Traffic);

        registry.Forget(A.App);
        Assert.Empty(registry.All);

        IEnumerable<ReleaseTraffic> Of(ServiceKey service) => registry.All.Where(t => t.Service == service).Select(t => t.Traffic);
    }

    /// <summary>Has the process take a request and never answer it. Returns a task that completes when it has the request's head.</summary>
    private static Task Hangs(RawPair pair)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            asked.TrySetResult();
            await connection.ToTheEnd();
            return false;
        });
        return asked.Task;
    }

    private static ServiceKey Key(string service) => new(A.App, ServiceName.Parse(service));

    private static async Task Ask(RawConnection client, string request, int body)
    {
        await client.Send(request);
        Assert.NotEmpty(await client.Head());
        await client.Bytes(body);
    }

    /// <summary>A client may have its answer before the router has counted it.</summary>
    private static async Task<TrafficCounts> Counted(RawPair pair, Func<TrafficCounts, bool> when)
    {
        await Patience.Until(() => when(pair.Server.Target.Traffic.Read()));
        return pair.Server.Target.Traffic.Read();
    }
}
