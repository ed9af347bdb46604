using System.Net;
using System.Net.Sockets;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>A client's end is reported to the request that waits for its answer, and to no later one.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public WatchTests() => _listener.Start();

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    public async Task A_watch_that_was_ended_reports_nothing(int count, bool isEnded)
    {
        using var loops = new EventLoops(count, new ConnectionLimit(1024, () => null, _ => { }));
        var reported = 0;
        var (watched, peer) = await Pair(loops);
        var (other, otherPeer) = await Pair(loops);
        watched.Watch(_ => Interlocked.Increment(ref reported));
        if (isEnded) watched.Unwatch();

        peer.Dispose();

        if (!isEnded) await Patience.Until(() => Volatile.Read(ref reported) == 1);
        await watched.WaitReadable();
        // The loop handles one event after the other.
        await otherPeer.SendAsync(new byte[1]);
        await other.WaitReadable();
        Assert.Equal(isEnded ? 0 : 1, Volatile.Read(ref reported));
        watched.Dispose();
        other.Dispose();
        otherPeer.Dispose();
    }

    public void Dispose() => _listener.Dispose();

    private async Task<(ConnectionSocket Socket, Socket Peer)> Pair(EventLoops loops)
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(_listener.LocalEndpoint, TestContext.Current.CancellationToken);
        return (loops.Serve(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken)), peer);
    }
}
