using System.Text;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>Everything goes through as it came: what is got directly is what is got through the router.</summary>
public sealed class What_passes_through_the_router
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_thousand_exchanges_are_the_same_directly_and_routed(int seed)
    {
        await using var pair = await RawPair.Start();
        var maker = new ExchangeMaker(seed);
        for (var i = 0; i < 1000; i++) await pair.IsTheSame(maker.Next());
    }

    [Theory]
    [InlineData(11, 0)]
    [InlineData(12, 1)]
    [InlineData(13, 1)]
    [InlineData(14, 3)]
    public async Task Exchanges_in_pieces_are_the_same_on_any_number_of_loops_and_on_the_sockets_of_dotnet(int seed, int loops)
    {
        await using var pair = await RawPair.Start(loops: loops);
        var maker = new ExchangeMaker(seed);
        var pieces = new Random(seed);
        for (var i = 0; i < 500; i++) await pair.IsTheSame(maker.Next(), pieces);
    }

    [Fact]
    public async Task Every_byte_of_a_header_passes_both_ways()
    {
        await using var pair = await RawPair.Start();
        for (var value = 1; value < 256; value++)
            if (value is not ('\r' or '\n'))
                await pair.IsTheSame(Get("/", $"X-Byte: a{(char)value}b\r\nCookie: n={(char)value}\r\n",
                    $"HTTP/1.1 200 O{(char)value}K\r\nX-Byte: a{(char)value}b\r\nSet-Cookie: n={(char)value}\r\nContent-Length: 2\r\n\r\nok"));
    }

    [Fact]
    public async Task Every_byte_of_a_path_and_of_a_query_passes()
    {
        await using var pair = await RawPair.Start();
        for (var value = 1; value < 256; value++)
        {
            if (value is not (' ' or (>= '\t' and <= '\r'))) await pair.IsTheSame(Get($"/a{(char)value}b?q={(char)value}"));
            await pair.IsTheSame(Get($"/%{value:x2}/%{value:X2}?x=%{value:x2}"));
        }
    }

    [Theory]
    [InlineData("/a%2Fb")]
    [InlineData("/%E4")]
    [InlineData("/?x=%zz")]
    [InlineData("/?q=a|b")]
    [InlineData("/%c3")]
    [InlineData("/%")]
    [InlineData("//double//slash")]
    [InlineData("/../up")]
    [InlineData("/?")]
    [InlineData("/#fragment")]
    [InlineData("*")]
    [InlineData("http://hello.localhost/absolute?x")]
    [InlineData("nothing-of-the-kind")]
    public async Task A_target_passes_as_it_came(string target)
    {
        await using var pair = await RawPair.Start();
        await pair.IsTheSame(Get(target));
    }

    [Fact]
    public async Task Sizes_are_for_the_app_to_judge()
    {
        await using var pair = await RawPair.Start();
        await pair.IsTheSame(Get("/", $"X-Long: {new string('a', 48 * 1024)}\r\n"));
        await pair.IsTheSame(Get("/", string.Concat(Enumerable.Range(0, 5000).Select(i => $"x-{i}: {i}\r\n"))));
        await pair.IsTheSame(Get("/?" + new string('q', 200_000)));
        await pair.IsTheSame(Get("/", response: $"HTTP/1.1 200 OK\r\nX-Long: {new string('a', 900_000)}\r\nContent-Length: 2\r\n\r\nok"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task It_does_not_matter_in_which_pieces_it_comes(int piece)
    {
        await using var pair = await RawPair.Start();
        var exchange = new RawExchange(
            Encoding.Latin1.GetBytes(
                "POST / HTTP/1.1\r\nHost: x\r\nX-Folded: a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\n0\r\nx-t: v\r\n\r\n"),
            Encoding.Latin1.GetBytes(
                "HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-end: 1\r\n\r\n"));
        pair.Server.Plays(async connection =>
        {
            var head = await connection.Head();
            if (head.Length == 0) return false;
            Assert.Equal("3;e=1\r\nabc\r\n0\r\nx-t: v\r\n\r\n", Encoding.Latin1.GetString(await connection.Bytes(25)));
            foreach (var part in exchange.Response.Chunk(piece)) await connection.Send(part);
            return true;
        });
        using var client = await pair.Connect();
        for (var i = 0; i < 3; i++)
        {
            foreach (var part in exchange.Request.Chunk(piece)) await client.Send(part);
            Assert.Equal("HTTP/1.1 103 Early\r\nLink: a\r\n\r\n", Encoding.Latin1.GetString(await client.Head()));
            Assert.Equal("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Encoding.Latin1.GetString(await client.Head()));
            Assert.Equal("5\r\nhello\r\n0\r\nx-end: 1\r\n\r\n", Encoding.Latin1.GetString(await client.Bytes(25)));
        }
    }

    private static RawExchange Get(string target, string headers = "", string response = Ok) =>
        new(Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: hello.localhost\r\n{headers}\r\n"),
            Encoding.Latin1.GetBytes(response))
        { ResponseBody = 2 };
}
