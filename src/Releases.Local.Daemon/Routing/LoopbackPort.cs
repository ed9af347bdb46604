using System.Net;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Represents a port on the loopback addresses, which hands on the connections that it accepts.</summary>
internal sealed class LoopbackPort : IDisposable
{
    private readonly List<Socket> _sockets = [];

    private LoopbackPort()
    {
    }

    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.PortInUse"/>.</exception>
    public static LoopbackPort Bind(int port)
    {
        var bound = new LoopbackPort();
        try
        {
            bound.Add(IPAddress.Loopback, port);
            // Many clients try ::1 first for `localhost`; a machine may not have it.
            if (Socket.OSSupportsIPv6) bound.TryAdd(IPAddress.IPv6Loopback, port);
            return bound;
        }
        catch (SocketException failure)
        {
            bound.Dispose();
            throw PortInUse.Explain(port, failure);
        }
    }

    /// <summary>Accepts connections from now on, as long as there is room. Whoever gets one counts it until it is closed.</summary>
    public void Accept(Action<Socket> accepted, ConnectionLimit limit, TimeProvider time)
    {
        foreach (var socket in _sockets) _ = Accept(socket, accepted, limit, time);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    private static async Task Accept(Socket listener, Action<Socket> accepted, ConnectionLimit limit, TimeProvider time)
    {
        while (true)
        {
            Socket? connection = null;
            try
            {
                await limit.WaitForRoom();
                connection = await listener.AcceptAsync();
                connection.NoDelay = true;
                await limit.Enter();
                accepted(connection);
            }
            catch (Exception end) when (end is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException)
            {
                // The client left before it was accepted, or there are too many open files: neither ends the port.
                connection?.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(20), time);
            }
        }
    }

    private void TryAdd(IPAddress address, int port)
    {
        try
        {
            Add(address, port);
        }
        catch (SocketException missing) when (missing.SocketErrorCode is SocketError.AddressNotAvailable
            or SocketError.AddressFamilyNotSupported)
        {
            // There is no IPv6 loopback, so 127.0.0.1 is enough.
        }
    }

    private void Add(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(512);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _sockets.Add(socket);
    }
}
