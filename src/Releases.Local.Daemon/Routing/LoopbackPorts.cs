using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>The ports that the router listens at. They come and go while it runs, and the connections of the others stay.</summary>
internal sealed class LoopbackPorts(Action<Socket, int> accepted, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<int, LoopbackPort> _ports = new();

    /// <summary>Listens at this port as well; nothing to do where it does already.</summary>
    /// <exception cref="ProblemException"><see cref="ProblemCode.PortInUse"/>.</exception>
    public void Open(int port)
    {
        if (_ports.ContainsKey(port)) return;
        var opened = LoopbackPort.Bind(port);
        if (_ports.TryAdd(port, opened)) opened.Accept(socket => accepted(socket, port), time);
        else opened.Dispose();
    }

    /// <summary>Accepts nothing more at this port; connections that are open stay.</summary>
    public void Close(int port)
    {
        if (_ports.TryRemove(port, out var closed)) closed.Dispose();
    }

    /// <summary>Accepts nothing more at all.</summary>
    public void Dispose()
    {
        foreach (var port in _ports.Keys) Close(port);
    }
}
