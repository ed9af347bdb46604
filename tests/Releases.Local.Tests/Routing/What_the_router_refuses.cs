using System.Text;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>What two programs could read differently gets no further than the router.</summary>
public sealed class What_the_router_refuses
{
    private const string Host = "Host: hello.localhost\r\n";

    [Theory]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length: 5, 5\r\n\r\nabcde", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length: +5\r\n\r\nabcde", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length: -1\r\n\r\n", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length: 0x5\r\n\r\nabcde", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length:\r\n\r\n", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length: 99999999999999999999\r\n\r\n", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length: \r\n 5\r\n\r\nabcde", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Content-Length : 5\r\n\r\nabcde", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501)]
    [InlineData($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n{Host}Host: other\r\n\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n{Host}\r\x01\n\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n{Host}X: a\nY: b\r\n\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\nHost: x\n\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n{Host}X: a\rY: b\r\n\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n{Host}X: a\0b\r\n\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n {Host}\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n{Host}: no name\r\n\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n{Host}no colon\r\n\r\n", 400)]
    [InlineData($"GET / HTTP/1.1\r\n{Host}X(Y): a\r\n\r\n", 400)]
    [InlineData($"GET /a b HTTP/1.1\r\n{Host}\r\n", 400)]
    [InlineData($"GET /a\tb HTTP/1.1\r\n{Host}\r\n", 400)]
    [InlineData($"GET  / HTTP/1.1\r\n{Host}\r\n", 400)]
    [InlineData($"G(T / HTTP/1.1\r\n{Host}\r\n", 400)]
    [InlineData($"GET /\r\n{Host}\r\n", 400)]
    [InlineData($"GET / HTTP/1.1 \r\n{Host}\r\n", 400)]
    [InlineData($"GET / http/1.1\r\n{Host}\r\n", 400)]
    [InlineData($"GET / HTTP/1.2\r\n{Host}\r\n", 505)]
    [InlineData($"GET / HTTP/2.0\r\n{Host}\r\n", 505)]
    [InlineData($"CONNECT hello.localhost:80 HTTP/1.1\r\n{Host}\r\n", 501)]
    public async Task Such_a_head_does_not_reach_a_process(string request, int status)
    {
        await using var pair = await RawPair.Start();
        pair.Server.RespondsWith("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var client = await pair.Connect();

        await client.Send(request);

        var answer = await client.TextToTheEnd();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("which the router doesn't forward\n", answer, StringComparison.Ordinal);
        Assert.Equal(0, pair.Server.Requests);
    }

    /// <summary>Each header is compared with each that is listed.</summary>
    [Theory]
    [InlineData(100, "HTTP/1.1 200 ")]
    [InlineData(101, "HTTP/1.1 400 ")]
    [InlineData(400_000, "HTTP/1.1 400 ")]
    public async Task Connection_lists_a_hundred_headers_at_most(int count, string status)
    {
        await using var pair = await RawPair.Start();
        pair.Server.RespondsWith("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var client = await pair.Connect();

        await client.Send($"GET / HTTP/1.1\r\n{Host}a: 1\r\nConnection: {string.Join(',', Enumerable.Repeat("a", count))}\r\n\r\n");

        Assert.StartsWith(status, Encoding.Latin1.GetString(await client.Head()), StringComparison.Ordinal);
        if (count == 100) Assert.Null(RawHead.Of(await pair.Server.Seen()).Value("a"));
        else Assert.Equal(0, pair.Server.Requests);
    }

    [Theory]
    [InlineData("5\r\nhello!\r\n0\r\n\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a\rb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("\r\nhello\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\nhello")]
    [InlineData("0\r\nX: a\nY: b\r\n\r\n")]
    [InlineData("0\r\nno colon\r\n\r\n")]
    public async Task A_body_whose_chunks_are_not_sound_is_broken_off_where_it_begins_to_be(string body)
    {
        await using var pair = await RawPair.Start();
        var (arrived, seen) = (new TaskCompletionSource(), new TaskCompletionSource<string>());
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            arrived.SetResult();
            seen.SetResult(await connection.TextToTheEnd());
            return false;
        });
        using var client = await pair.Connect();

        await client.Send($"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n");
        await arrived.Task;
        await client.Send(body);

        Assert.StartsWith("HTTP/1.1 400 ", await client.TextToTheEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n", await seen.Task, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connection: Content-Length\r\nContent-Length: 3\r\n", "abc")]
    [InlineData("Connection: Transfer-Encoding, Host\r\nTransfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n")]
    public async Task What_frames_a_message_cannot_be_named_away(string headers, string body)
    {
        await using var pair = await RawPair.Start();
        var request = Encoding.Latin1.GetBytes($"POST / HTTP/1.1\r\n{Host}{headers}\r\n{body}");
        await pair.IsTheSame(new(request, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray()) { RequestBody = body.Length });
    }

    [Theory]
    [InlineData("Upgrade: h2c\r\n")]
    [InlineData("Upgrade: h2c\r\nUpgrade: websocket\r\n")]
    [InlineData("Upgrade: websocket\r\nUpgrade: h2c\r\n")]
    public async Task What_belongs_to_one_hop_stays_there(string upgrade)
    {
        await using var pair = await RawPair.Start();
        pair.Server.RespondsWith("HTTP/1.1 200 OK\r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n");
        using var client = await pair.Connect();

        await client.Send(
            $"GET / HTTP/1.1\r\n{Host}Connection: keep-alive, X-Mine, Upgrade, HTTP2-Settings\r\nX-Mine: 1\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nTE: trailers, gzip\r\n{upgrade}HTTP2-Settings: AAMAAABk\r\nX-Other: 2\r\n\r\n");

        var answer = RawHead.Of(await client.Head());
        Assert.Equal(["Content-Length: 0"], answer.Lines);
        var request = RawHead.Of(await pair.Server.Seen());
        Assert.Equal(["Host: hello.localhost", "X-Other: 2", "TE: trailers", "Connection: TE"],
            request.Lines.Where(l => !l.StartsWith("X-Forwarded", StringComparison.Ordinal)));
    }
}
