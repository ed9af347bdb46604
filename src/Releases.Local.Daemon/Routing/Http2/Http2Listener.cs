using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Releases.Local;

/// <summary>
/// Implements the transport of the router's Kestrel: the connections of clients that turned out to speak HTTP/2, which
/// count until they are closed.
/// </summary>
internal sealed class Http2Listener(ConnectionLimit limit) : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SocketConnectionContextFactory _connections = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

    public EndPoint EndPoint { get; } = new Http2EndPoint();

    public void Take(Socket socket)
    {
        if (!_accepted.Writer.TryWrite(socket)) Close(socket);
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (!_accepted.Reader.TryRead(out var socket)) continue;
            try
            {
                var connection = _connections.Create(socket);
                connection.ConnectionClosed.Register(limit.Leave);
                return connection;
            }
            catch (SocketException)
            {
                // The client left while the connection was queued, so its addresses are no longer available.
                Close(socket);
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out var left)) Close(left);
        _connections.Dispose();
    }

    private void Close(Socket socket)
    {
        socket.Dispose();
        limit.Leave();
    }
}
