using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Releases.EndToEnd.Tests.BadInput;

[Collection("racks")]
public sealed class A_port_that_another_program_has : IAsyncLifetime
{
    private const string Web = "services:\n  web:\n    port: 8080\n    health: /health\n";

    private readonly TestRack _rack = new();
    private ReleaseId _active;
    private int _router;
    private Uri _direct = null!;

    public async ValueTask InitializeAsync()
    {
        _active = (await _rack.Publish(Web, "web")).Id;
        await _rack.Do("promote");
        _router = (await _rack.Json("rack")).GetProperty("routerPort").GetInt32();
        _direct = await _rack.Address("web");
        await _rack.Do("rack", "stop");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Of_a_service_is_said_everywhere_and_used_again_as_soon_as_it_is_free()
    {
        using (var other = Take(_direct.Port))
        {
            await _rack.Do("rack", "start");
            await _rack.Until(async () => (await Service()).GetProperty("healthy").GetInt32() == 1, "the service runs");
            Assert.StartsWith($"port {_direct.Port} is in use by another program (", (await Service()).GetProperty("problem").GetString(),
                StringComparison.Ordinal);
            Assert.StartsWith(_active.ToString(), await ByName(), StringComparison.Ordinal);

            var promote = await _rack.Run("promote");
            Assert.Equal(3, promote.ExitCode);
            Assert.Contains($"error CONVOX0011: port {_direct.Port} is in use by", promote.Error, StringComparison.Ordinal);
            Assert.Contains("Stop that program; the rack uses the port as soon as it is free.", promote.Error, StringComparison.Ordinal);
        }

        await _rack.Until(async () => (await Service()).GetProperty("problem").ValueKind == System.Text.Json.JsonValueKind.Null,
            "the port is used again");
        Assert.Equal(_direct, await _rack.Address("web"));
        Assert.StartsWith(_active.ToString(), await _rack.Get("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_the_router_leaves_the_services_at_their_own_ports_and_is_used_again_as_soon_as_it_is_free()
    {
        using (var other = Take(_router))
        {
            var start = await _rack.Run("rack", "start");
            Assert.Equal(0, start.ExitCode);
            Assert.Contains($"note: port {_router} is in use by another program (", start.Error, StringComparison.Ordinal);
            await _rack.Until(async () => (await Service()).GetProperty("healthy").GetInt32() == 1, "the service runs");
            Assert.StartsWith(_active.ToString(), await _rack.Get("/"), StringComparison.Ordinal);
            await _rack.Do("promote");
        }

        await _rack.Until(async () => (await _rack.Json("rack")).GetProperty("problem").ValueKind == System.Text.Json.JsonValueKind.Null,
            "the port is used again");
        Assert.StartsWith(_active.ToString(), await ByName(), StringComparison.Ordinal);
    }

    private async Task<System.Text.Json.JsonElement> Service() => (await _rack.Json("services"))[0];

    private async Task<string> ByName()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_router}/")
        { Headers = { Host = $"web.hello.localhost:{_router}" } };
        using var answer = await client.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private static TcpListener Take(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }
}
