using Xunit;

namespace Releases.Local.Tests;

/// <summary>What the router counts of a 5xx answer that a process breaks off.</summary>
public sealed class BrokenErrorsTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1", "HTTP/1.1 500 Broken\r\nContent-Length: 12\r\n\r\nhalf")]
    [InlineData("GET / HTTP/1.0", "HTTP/1.1 500 Broken\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1", "HTTP/1.1 500 Broken\r\nTransfer-Encoding: chunked\r\n\r\nnothing\r\n")]
    public async Task An_error_that_is_also_broken_off_is_one(string request, string answer)
    {
        await using var pair = await RawPair.Start();
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            await connection.Send(answer);
            return false;
        });
        using var client = await pair.Connect();

        await client.Send($"{request}\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n");
        await client.ToTheEnd();

        var counts = pair.Server.Target.Traffic.Read();
        Assert.Equal((1, 1), (counts.Requests, counts.ServerErrors + counts.Failed));
    }

    [Fact]
    public async Task An_error_that_is_also_broken_off_is_one_over_http_2_too()
    {
        await using var server = await BreakingServer.Start("HTTP/1.1 500 Broken\r\nContent-Length: 12\r\n\r\nhalf");
        await using var running = await RunningRouter.Start(server.Target);
        using var client = running.Client();
        client.DefaultRequestVersion = new(2, 0);
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        // The last one may not be counted completely when its client notices the end.
        for (var i = 0; i < 4; i++) await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync("/"));

        var counts = server.Target.Traffic.Read();
        Assert.InRange(counts.ServerErrors + counts.Failed, 3, 4);
    }
}
