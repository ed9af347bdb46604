using System.Net;
using System.Net.Sockets;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

public sealed class HealthProbeTests
{
    [Theory]
    [InlineData("200", "/health", null)]
    [InlineData("204", "/health", null)]
    [InlineData("302", "/health", null)]
    [InlineData("404", "/health", "answered 404 to GET /health")]
    [InlineData("500", "/health", "answered 500 to GET /health")]
    [InlineData("404", null, null)]
    [InlineData("503", null, "answered 503 to GET /")]
    public async Task A_stated_path_has_to_be_found_and_any_other_answer_only_not_to_fail(string status, string? path, string? reason)
    {
        await using var server = await BreakingServer.Start($"HTTP/1.1 {status} -\r\nContent-Length: 0\r\n\r\n");

        var result = await Check(server.Port, new HealthCheck { Path = path });

        Assert.Equal(new HealthResult(reason is null, false, reason), result);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Nothing_that_listens_is_refused()
    {
        Assert.Equal(new HealthResult(false, true, "refused the connection"), await Check(FreePort.Take(), new HealthCheck()));
    }

    [Theory]
    [InlineData("", "broke off its answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-", "broke off its answer")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "didn't answer in HTTP")]
    public async Task An_answer_that_is_none_is_told_as_such(string answer, string reason)
    {
        await using var server = await BreakingServer.Start(answer);

        Assert.Equal(HealthResult.Unspoken(reason), await Check(server.Port, new HealthCheck()));
    }

    [Theory]
    [InlineData(null,
        "answered 400 to GET /health (the check sends the Host 'localhost'; allow it in AllowedHosts, or set health.host in convox.yml to one that is allowed)")]
    [InlineData("example.com",
        "answered 400 to GET /health (the check sends the Host 'example.com'; allow it in AllowedHosts, or set health.host in convox.yml to one that is allowed)")]
    public async Task An_app_that_takes_certain_hosts_only_shows_which_one_the_check_named(string? host, string reason)
    {
        await using var server = await BreakingServer.Start("HTTP/1.1 400 -\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(HealthResult.Bad(reason), await Check(server.Port, new HealthCheck { Path = "/health", Host = host }));
    }

    [Fact]
    public async Task Silence_ends_at_the_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var result = await Check(((IPEndPoint)silent.LocalEndpoint).Port, new HealthCheck(), TimeSpan.FromSeconds(0.2));

        Assert.Equal(HealthResult.Bad("didn't answer within 0.2s"), result);
    }

    [Fact]
    public async Task A_check_that_is_cancelled_is_not_a_result()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var probe = new HealthProbe(TimeProvider.System);
        using var cancel = new CancellationTokenSource();

        var check = probe.Check(((IPEndPoint)silent.LocalEndpoint).Port, new HealthCheck { Timeout = Patience.Limit }, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check);
    }

    private static async Task<HealthResult> Check(int port, HealthCheck check, TimeSpan? timeout = null)
    {
        using var probe = new HealthProbe(TimeProvider.System);
        return await probe.Check(port, check with { Timeout = timeout ?? Patience.Limit }, TestContext.Current.CancellationToken);
    }
}
