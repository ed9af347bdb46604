using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>A fault of the router itself.</summary>
public sealed class FaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ends_the_connection_and_is_reported_once()
    {
        var reports = new ConcurrentQueue<string>();
        var limit = new ConnectionLimit(1024, () => null, _ => { });
        using var loops = new EventLoops(0, limit);
        await using var connections = new ClientConnections(
            new Routes(TimeProvider.System), new ForwardedHeaders(false), _ => throw new InvalidOperationException("a fault"), loops, limit,
            reports.Enqueue, TimeProvider.System);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        for (var i = 0; i < 2; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancel);
            connections.Serve(await listener.AcceptSocketAsync(Cancel), 80);
            var stream = client.GetStream();
            await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Cancel);
            await Patience.Until(() => !reports.IsEmpty);
            Assert.Equal(0, await ReadToEnd(stream));
        }

        Assert.StartsWith("a client's connection failed: System.InvalidOperationException: a fault", Assert.Single(reports),
            StringComparison.Ordinal);
    }

    /// <summary>How many bytes came before the end, which may be a reset as what the client sent wasn't read.</summary>
    private static async Task<int> ReadToEnd(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1], Cancel);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
