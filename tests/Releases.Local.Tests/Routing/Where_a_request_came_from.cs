using Xunit;

namespace Releases.Local.Tests;

public sealed class Where_a_request_came_from
{
    private const string Claims =
        "GET / HTTP/1.1\r\nHost: hello.localhost\r\nX-Forwarded-For: 6.6.6.6\r\nx-forwarded-proto: https\r\nX-Forwarded-Host: bank.example\r\n" +
        "X_Forwarded_For: 6.6.6.6\r\nX-Forwarded-Prefix: /evil\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n\r\n";

    [Fact]
    public async Task Is_what_the_router_says_and_not_what_a_client_claims()
    {
        var seen = await Seen(behindProxy: false);

        Assert.Equal(["Host: hello.localhost", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http",
            "X-Forwarded-Host: hello.localhost"], seen.Lines);
    }

    [Fact]
    public async Task Is_what_a_proxy_says_that_the_rack_is_told_of()
    {
        var seen = await Seen(behindProxy: true);

        Assert.Equal(["6.6.6.6", "127.0.0.1"], seen.Values("x-forwarded-for"));
        Assert.Equal(["https"], seen.Values("x-forwarded-proto"));
        Assert.Equal(["bank.example"], seen.Values("x-forwarded-host"));
        Assert.Equal(["for=6.6.6.6"], seen.Values("forwarded"));
    }

    [Fact]
    public async Task Is_also_the_scheme_of_a_proxys_http_2_request()
    {
        await using var web = await SampleProcess.Start(("HTTP2", "1"));
        await using var running = await RunningRouter.Start(behindProxy: true, [web.Target]);
        using var client = await RawHttp2Client.To(running.Port);

        await client.Get("/headers", scheme: "https").Send();

        Assert.Contains("x-forwarded-proto: https", await client.ReadBody(), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<RawHead> Seen(bool behindProxy)
    {
        await using var pair = await RawPair.Start(behindProxy);
        pair.Server.RespondsWith("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var client = await pair.Connect();
        await client.Send(Claims);
        await client.Head();
        return RawHead.Of(await pair.Server.Seen());
    }
}
