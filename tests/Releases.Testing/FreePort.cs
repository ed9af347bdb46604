using System.Net;
using System.Net.Sockets;

namespace Releases.Testing;

/// <summary>
/// Ports for what needs to know its port before it listens. A port is given once, to one test program at a time: a name that the kernel
/// frees when the program ends keeps others away. None lies where the kernel takes ports for clients, or where a rack takes its own, so
/// nothing that runs beside a test comes to listen there, also where the test needs that nobody does.
/// </summary>
public static class FreePort
{
    private const int First = 12000;
    private const int Last = 19999;

    private static readonly Lock Gate = new();
    private static readonly List<Socket> Reservations = [];
    private static int _next = First;

    public static int Take()
    {
        lock (Gate)
        {
            while (_next <= Last)
            {
                var port = _next++;
                if (TryReserve(port) && NobodyListensAt(port)) return port;
            }
        }

        throw new InvalidOperationException($"Every port from {First} to {Last} is taken.");
    }

    private static bool TryReserve(int port)
    {
        // Names without a file are Linux's own. Elsewhere test programs run one after the other.
        if (!OperatingSystem.IsLinux()) return true;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0convox-test-port-{port}"));
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return false;
        }

        Reservations.Add(socket);
        return true;
    }

    private static bool NobodyListensAt(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
