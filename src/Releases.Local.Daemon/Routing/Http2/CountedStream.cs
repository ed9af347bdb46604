using System.Net;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Represents a connection to a process for requests over HTTP/2, which counts until it is closed.</summary>
internal sealed class CountedStream : NetworkStream
{
    private readonly ConnectionLimit _limit;
    private int _counted = 1;

    private CountedStream(Socket socket, ConnectionLimit limit) : base(socket, ownsSocket: true) => _limit = limit;

    /// <summary>Connects to a port of this machine.</summary>
    /// <exception cref="SocketException">Nobody listens there, or there is no room for another connection.</exception>
    public static async ValueTask<Stream> Connect(int port, ConnectionLimit limit, CancellationToken cancel)
    {
        Socket? socket = null;
        try
        {
            if (!limit.Connect()) throw new SocketException((int)SocketError.TooManyOpenSockets);
            socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return new CountedStream(socket, limit);
        }
        catch
        {
            socket?.Dispose();
            limit.Disconnect();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (Interlocked.Exchange(ref _counted, 0) == 1) _limit.Disconnect();
    }
}
