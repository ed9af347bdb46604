using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Releases.Local;

/// <summary>
/// The transport of the router's Kestrel: what is accepted at any of the ports comes out of one listener, so ports come
/// and go while it runs and the connections of the others stay.
/// </summary>
internal sealed class LoopbackPorts(TimeProvider time) : IConnectionListenerFactory, IConnectionListener
{
    private readonly ConcurrentDictionary<int, LoopbackPort> _ports = new();
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SocketConnectionContextFactory _connections = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

    public EndPoint EndPoint { get; } = new RouterEndPoint();

    /// <summary>Listens at this port as well; nothing to do where it does already.</summary>
    /// <exception cref="ProblemException"><see cref="ProblemCode.PortInUse"/>.</exception>
    public void Open(int port)
    {
        if (_ports.ContainsKey(port)) return;
        var opened = LoopbackPort.Bind(port);
        if (_ports.TryAdd(port, opened)) opened.Accept(_accepted.Writer, time);
        else opened.Dispose();
    }

    /// <summary>Accepts nothing more at this port; connections that are open stay.</summary>
    public void Close(int port)
    {
        if (_ports.TryRemove(port, out var closed)) closed.Dispose();
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (!_accepted.Reader.TryRead(out var socket)) continue;
            try
            {
                return _connections.Create(socket);
            }
            catch (SocketException)
            {
                // Gone while it waited: its addresses can no longer be asked for.
                socket.Dispose();
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        foreach (var port in _ports.Keys) Close(port);
        _accepted.Writer.TryComplete();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _connections.Dispose();
    }
}
