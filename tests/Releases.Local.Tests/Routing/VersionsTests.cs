using System.Net;
using System.Net.WebSockets;
using System.Text;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>Two releases of a service at once: who gets which, how long, and what tells them apart.</summary>
public sealed class VersionsTests
{
    private static readonly ReleaseId Old = ReleaseId.New();
    private static readonly ReleaseId New = ReleaseId.New();
    private static readonly PromotionId Promotion = PromotionId.New();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_visitor_stays_with_the_release_that_answered_him_first(int http)
    {
        await using var world = await World.Start(http);
        world.Router.Split(Promotion, new(50, [world.Old.Target]), new(50, [world.New.Target]));

        var met = new HashSet<string>();
        for (var visitor = 0; visitor < 10; visitor++)
        {
            using var client = world.Visitor();
            var first = await client.GetStringAsync("/", Cancel);
            for (var i = 0; i < 5; i++) Assert.Equal(first, await client.GetStringAsync("/", Cancel));
            met.Add(first);
        }

        Assert.Equal(new[] { $"{Old}", $"{New}" }.Order(), met.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_cookie_is_for_the_session_set_once_and_out_of_reach_of_scripts(int http)
    {
        await using var world = await World.Start(http);
        world.Router.Split(Promotion, new(1, [world.Old.Target]), new(99, [world.New.Target]));
        using var client = world.Visitor();

        using var first = await client.GetAsync("/", Cancel);
        using var second = await client.GetAsync("/", Cancel);

        var release = Assert.Single(first.Headers.GetValues("X-Convox-Release"));
        Assert.Equal($"convox-release-web.hello={Promotion}.{release}; Path=/; HttpOnly; SameSite=Lax",
            Assert.Single(first.Headers.GetValues("Set-Cookie")));
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_app_gets_its_own_cookies_and_neither_the_routers_nor_the_consoles(int http)
    {
        await using var world = await World.Start(http);
        world.Router.Publish(world.Old.Target);
        using var client = world.Client();

        Assert.Equal("Cookie: a=1; convox-release-mine=x; b=\"2 3\"",
            await Sent($"a=1; convox-release-web.hello={Promotion}.{New}; convox-release-mine=x; b=\"2 3\""));
        Assert.Equal("Cookie: convox-release-web.hello=mine", await Sent("convox-release-web.hello=mine"));
        Assert.Null(await Sent($"convox-release-web.hello={Promotion}.{New}; convox-release-api.shop={Promotion}.{Old}"));

        // A browser sends the console's cookies to all ports of its host, and one of them is its user's session.
        Assert.Equal("Cookie: a=1; convox-consoles=x",
            await Sent("convox-console-8470=secret; a=1; convox-console-to-8470=/apps/hello; convox-consoles=x"));
        Assert.Null(await Sent("convox-console-8470=secret"));

        async Task<string?> Sent(string cookie) => (await client.GetStringAsync("/headers", Cancel, ("Cookie", cookie))).Split('\n')
            .SingleOrDefault(l => l.StartsWith("Cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_cookie_leads_to_nothing_but_a_release_that_serves(int http)
    {
        await using var world = await World.Start(http);
        using var client = world.Client();
        world.Router.Split(Promotion, new(1, [world.Old.Target]), new(0, [world.New.Target]));
        await IsAnswered(Old, $"{Promotion}.{New}");

        world.Router.Split(Promotion, new(99, [world.Old.Target]), new(1, [world.New.Target]));
        await IsAnswered(New, $"{Promotion}.{New}");
        foreach (var value in (string[])[$"{PromotionId.New()}.{New}", $"{Promotion}.{ReleaseId.New()}", $"{New}", $"{Promotion}.",
            world.New.Target.Id, "", "."])
            await IsAnswered(Old, value);

        async Task IsAnswered(ReleaseId by, string value)
        {
            // Of 20 that go by the shares, the smaller has one at most.
            var answers = new List<string>();
            for (var i = 0; i < 20; i++)
                answers.Add(await client.GetStringAsync("/", Cancel, ("Cookie", $"convox-release-web.hello={value}")));
            Assert.True(answers.Count(a => a == $"{by}") >= 19, $"'{value}' was answered by {string.Join(' ', answers)}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_release_without_a_share_answers_whoever_asks_for_it_and_nobody_else(int http)
    {
        await using var world = await World.Start(http);
        world.Router.Split(Promotion, new(1, [world.Old.Target]), new(0, [world.New.Target]));
        using var client = world.Visitor();

        for (var i = 0; i < 5; i++) await IsAnswered(Old);
        await IsAnswered(New, $"{New}");
        await IsAnswered(New, $"{New}".ToLowerInvariant());
        await IsAnswered(Old, $"{Old}");
        await IsAnswered(Old, $"{ReleaseId.New()}");
        await IsAnswered(Old, "v12");
        await IsAnswered(Old);

        async Task IsAnswered(ReleaseId by, string? asked = null)
        {
            using var answer = await client.GetAsync("/", Cancel, asked is null ? [] : [("X-Convox-Release", asked)]);
            Assert.Equal($"{by}", await answer.Content.ReadAsStringAsync(Cancel));
            Assert.Equal($"{by}", Assert.Single(answer.Headers.GetValues("X-Convox-Release")));
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Without_a_promotion_an_answer_names_its_release_to_whoever_asks_for_one(int http)
    {
        await using var world = await World.Start(http);
        world.Router.Publish(world.Old.Target);
        using var client = world.Client();

        using var asked = await client.GetAsync("/", Cancel, ("X-Convox-Release", $"{New}"));
        using var not = await client.GetAsync("/", Cancel);

        Assert.Equal($"{Old}", Assert.Single(asked.Headers.GetValues("X-Convox-Release")));
        Assert.False(not.Headers.Contains("X-Convox-Release"));
    }

    [Fact]
    public async Task A_request_that_the_release_asked_for_takes_no_longer_goes_to_one_that_serves()
    {
        await using var world = await World.Start(1);
        world.Router.Split(Promotion, new(1, [world.Old.Target]), new(0, [world.New.Target]));
        await world.New.Kill();
        using var client = world.Client();

        Assert.Equal($"{Old}", await client.GetStringAsync("/", Cancel, ("X-Convox-Release", $"{New}")));
    }

    [Fact]
    public async Task A_web_socket_stays_with_the_release_and_can_ask_for_one()
    {
        await using var world = await World.Start(1);
        world.Router.Split(Promotion, new(50, [world.Old.Target]), new(50, [world.New.Target]));
        using var invoker = new HttpMessageInvoker(RunningRouter.Handler());

        var (met, cookie) = await Open();
        Assert.StartsWith($"convox-release-web.hello={Promotion}.{met};", cookie, StringComparison.Ordinal);
        for (var i = 0; i < 4; i++) Assert.Equal((met, null), await Open(("Cookie", cookie!.Split(';')[0])));
        for (var i = 0; i < 4; i++) Assert.Equal(($"{New}", null), await Open(("X-Convox-Release", $"{New}")));

        async Task<(string Release, string? Cookie)> Open(params (string Name, string Value)[] headers)
        {
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            foreach (var (name, value) in headers) socket.Options.SetRequestHeader(name, value);
            await socket.ConnectAsync(new Uri($"ws://hello.localhost:{world.Router.Port}/ws"), invoker, Cancel);
            var answer = socket.HttpResponseHeaders!;
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
            return (Assert.Single(answer["X-Convox-Release"]), answer.TryGetValue("Set-Cookie", out var set) ? Assert.Single(set) : null);
        }
    }

    [Fact]
    public async Task A_release_that_is_promoted_again_is_one_release()
    {
        await using var again = await SampleProcess.Start(("RELEASE", $"{Old}"));
        await using var world = await World.Start(1);
        world.Router.Split(Promotion, new(50, [world.Old.Target]), new(50, [again.Target]));
        using var client = world.Visitor();

        using var answer = await client.GetAsync("/", Cancel);

        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task An_apps_own_header_is_replaced_only_where_the_router_names_the_release()
    {
        await using var pair = await RawPair.Start();
        pair.Server.RespondsWith("HTTP/1.1 200 OK\r\nX-Convox-Release: mine\r\nContent-Length: 0\r\n\r\n");
        using var client = await pair.Connect();

        await client.Send("GET / HTTP/1.1\r\nHost: hello.localhost\r\n\r\n");
        Assert.Contains("X-Convox-Release: mine\r\n", Encoding.ASCII.GetString(await client.Head()), StringComparison.Ordinal);

        pair.Router.Split(Promotion, new TargetGroup(1, [new RouteTarget("web-1", pair.Server.Port) { Release = Old }]));
        await client.Send("GET / HTTP/1.1\r\nHost: hello.localhost\r\n\r\n");
        var named = Encoding.ASCII.GetString(await client.Head());
        Assert.Contains($"X-Convox-Release: {Old}\r\n", named, StringComparison.Ordinal);
        Assert.DoesNotContain("mine", named, StringComparison.Ordinal);
    }

    /// <summary>A process of each release behind a router.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly int _http;

        private World(int http, SampleProcess old, SampleProcess next, RunningRouter router) =>
            (_http, Old, New, Router) = (http, old, next, router);

        public SampleProcess Old { get; }

        public SampleProcess New { get; }

        public RunningRouter Router { get; }

        public static async Task<World> Start(int http)
        {
            var (old, next) = (await SampleProcess.Start(("RELEASE", $"{VersionsTests.Old}")),
                await SampleProcess.Start(("RELEASE", $"{VersionsTests.New}")));
            return new(http, old, next, await RunningRouter.Start(old.Target));
        }

        /// <summary>Keeps its cookies.</summary>
        public HttpClient Visitor()
        {
            var handler = RunningRouter.Handler();
            (handler.UseCookies, handler.CookieContainer) = (true, new CookieContainer());
            return Client(handler);
        }

        /// <summary>Has the cookies that a request says.</summary>
        public HttpClient Client()
        {
            var handler = RunningRouter.Handler();
            handler.UseCookies = false;
            return Client(handler);
        }

        public async ValueTask DisposeAsync()
        {
            await Router.DisposeAsync();
            await Old.DisposeAsync();
            await New.DisposeAsync();
        }

        private HttpClient Client(SocketsHttpHandler handler) => new(handler)
        {
            BaseAddress = new($"http://hello.localhost:{Router.Port}"),
            DefaultRequestVersion = new(_http, _http == 1 ? 1 : 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}

/// <summary>Requests with headers of their own.</summary>
internal static class RequestsWithHeaders
{
    public static async Task<HttpResponseMessage> GetAsync(this HttpClient client, string path, CancellationToken cancel,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, cancel);
    }

    public static async Task<string> GetStringAsync(this HttpClient client, string path, CancellationToken cancel,
        params (string Name, string Value)[] headers)
    {
        using var answer = await client.GetAsync(path, cancel, headers);
        return await answer.Content.ReadAsStringAsync(cancel);
    }
}
