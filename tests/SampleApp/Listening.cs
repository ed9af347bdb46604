using System.Net;
using System.Net.Sockets;

namespace SampleApp;

/// <summary>When and how it listens.</summary>
internal static class Listening
{
    private const int SOL_SOCKET = 1;
    private const int SO_REUSEPORT = 15;

    public static async Task Until(string file)
    {
        while (!File.Exists(file)) await Task.Delay(10);
    }

    public static Socket Shared(EndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(SOL_SOCKET, SO_REUSEPORT, BitConverter.GetBytes(1));
        socket.Bind(at);
        return socket;
    }
}
