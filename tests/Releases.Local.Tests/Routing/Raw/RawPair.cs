using Xunit;

namespace Releases.Local.Tests;

/// <summary>A raw client and a raw server that play exchanges with each other, directly and through the router.</summary>
internal sealed class RawPair : IAsyncDisposable
{
    private readonly RunningRouter _router;
    private RawConnection? _direct;
    private RawConnection? _routed;

    private RawPair(RawServer server, RunningRouter router) => (Server, _router) = (server, router);

    public RawServer Server { get; }

    public RunningRouter Router => _router;

    public static async Task<RawPair> Start(bool behindProxy = false, int? loops = null, TimeProvider? time = null)
    {
        var server = new RawServer();
        return new(server, await RunningRouter.Start(behindProxy, [server.Target], loops: loops, time: time));
    }

    public Task<RawConnection> Connect() => RawConnection.To(_router.DirectPort);

    /// <summary>Plays it both ways over connections that are kept, and compares what either side got.</summary>
    /// <param name="exchange">It.</param>
    /// <param name="pieces">Cuts what is sent into pieces; null: it is sent at once.</param>
    public async Task IsTheSame(RawExchange exchange, Random? pieces = null)
    {
        Server.Plays(exchange, pieces);
        var direct = await Play(exchange, Server.Port, _direct, pieces: null);
        var routed = await Play(exchange, _router.DirectPort, _routed, pieces);
        (_direct, _routed) = (direct.Connection, routed.Connection);

        Same("the request", exchange, direct.Request, routed.Request);
        Assert.Equal(direct.Responses.Count, routed.Responses.Count);
        foreach (var (one, other) in direct.Responses.Zip(routed.Responses)) Same("the answer", exchange, one, other);
    }

    public async ValueTask DisposeAsync()
    {
        _direct?.Dispose();
        _routed?.Dispose();
        await _router.DisposeAsync();
        await Server.DisposeAsync();
    }

    private async Task<Played> Play(RawExchange exchange, int port, RawConnection? kept, Random? pieces)
    {
        var connection = kept ?? await RawConnection.To(port);
        var before = Server.Requests;
        await connection.Send(exchange.Request, pieces);
        var responses = new List<byte[]>();
        for (var i = 0; i <= exchange.Informational; i++) responses.Add(await connection.Head());
        responses[^1] = [.. responses[^1], .. await connection.Bytes(exchange.ResponseBody)];
        if (responses[^1].Length == 0) Assert.Fail($"No answer {(port == Server.Port ? "directly" : "through the router")}: {exchange}");
        if (Server.Requests == before) Assert.Fail($"Not passed on: {RawExchange.Text(responses[^1])} to {exchange}");
        var request = await Server.Seen();
        var closes = port == Server.Port ? exchange.ServerCloses : RawHead.Of(responses[^1]).Value("connection") == "close";
        if (!closes) return new(request, responses, connection);
        Assert.Empty(await connection.ToTheEnd());
        connection.Dispose();
        return new(request, responses, null);
    }

    private static void Same(string what, RawExchange exchange, byte[] direct, byte[] routed)
    {
        var (one, other) = (RawHead.Of(direct), RawHead.Of(routed));
        if (one.First != other.First || !one.EndToEnd.SequenceEqual(other.EndToEnd))
            Assert.Fail($"Head of {what} differs\n{FirstOther(one, other)}\n{FirstOther(other, one)}\nin {exchange}");
        if (!Body(direct).SequenceEqual(Body(routed)))
            Assert.Fail($"Body of {what} differs: {Body(direct).Length} and {Body(routed).Length} bytes in {exchange}");
    }

    private static string FirstOther(RawHead one, RawHead other) =>
        one.First != other.First ? one.First : one.EndToEnd.Where((line, i) =>
            other.EndToEnd.ElementAtOrDefault(i) != line).FirstOrDefault("nothing more");

    private static byte[] Body(byte[] message) => message[(message.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];

    private sealed record Played(byte[] Request, List<byte[]> Responses, RawConnection? Connection);
}
