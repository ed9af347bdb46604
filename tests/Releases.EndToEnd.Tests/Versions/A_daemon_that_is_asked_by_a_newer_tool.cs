using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Releases.Local;
using Xunit;

namespace Releases.EndToEnd.Tests.Versions;

/// <summary>On the daemon's socket, what a tool of a later version may say there: requests and options that did not exist yet.</summary>
[Collection("racks")]
public sealed class A_daemon_that_is_asked_by_a_newer_tool : IAsyncLifetime
{
    private readonly TestRack _rack = new();
    private readonly HttpClient _socket;
    private Release _release = null!;

    public A_daemon_that_is_asked_by_a_newer_tool() => _socket = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(DaemonSocket.Path(new(_rack.Home))), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new("http://daemon") };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _release = await _rack.Publish("services:\n  web:\n    port: 8080\n", "web");
        await _rack.Do("promote");
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return _rack.DisposeAsync();
    }

    [Fact]
    public async Task Refuses_a_wish_that_it_does_not_know_with_its_version_and_takes_what_it_knows()
    {
        var wish = new Dictionary<string, object>
        {
            ["id"] = PromotionId.New().ToString(),
            ["app"] = "hello",
            ["release"] = _release.Id.ToString(),
            ["by"] = "somebody@later",
        };
        using (var unknown = await _socket.PostAsJsonAsync("/v1/promotions",
            new Dictionary<string, object>(wish) { ["canary"] = 10 }, Cancel))
            IsRefused(HttpStatusCode.BadRequest, unknown);
        using (var unknown = await _socket.GetAsync(new Uri("/v1/apps/hello/canaries", UriKind.Relative), Cancel))
            IsRefused(HttpStatusCode.NotFound, unknown);
        Assert.NotEqual("somebody@later", (await _rack.LastPromotion()).StartedBy);

        using var known = await _socket.PostAsJsonAsync("/v1/promotions", wish, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, known.StatusCode);
        await _rack.Do("watch");
        Assert.Equal("somebody@later", (await _rack.LastPromotion()).StartedBy);
    }

    private static void IsRefused(HttpStatusCode how, HttpResponseMessage answer) =>
        Assert.Equal((how, $"convox/{ToolVersion.Text}"), (answer.StatusCode, answer.Headers.Server.ToString()));
}
