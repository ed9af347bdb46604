using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>
/// Manages the ports on which the router listens. Ports are opened and closed while it is running, without affecting connections.
/// </summary>
internal sealed class LoopbackPorts(Action<Socket, int> accepted, ConnectionLimit limit, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<int, LoopbackPort> _ports = new();

    /// <summary>Listens on this port too, unless it already does.</summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.PortInUse"/>.</exception>
    public void Open(int port)
    {
        if (_ports.ContainsKey(port)) return;
        var opened = LoopbackPort.Bind(port);
        if (_ports.TryAdd(port, opened)) opened.Accept(socket => accepted(socket, port), limit, time);
        else opened.Dispose();
        limit.Adapt();
    }

    /// <summary>Stops accepting connections on this port; open ones stay.</summary>
    public void Close(int port)
    {
        if (_ports.TryRemove(port, out var closed)) closed.Dispose();
    }

    /// <summary>Stops accepting connections on all ports.</summary>
    public void Dispose()
    {
        foreach (var port in _ports.Keys) Close(port);
    }
}
