using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Releases.Local.Tests.Engine;

/// <summary>Another program that listens at a port and answers whoever asks; for the kernel it is this process.</summary>
internal sealed class Stranger : IDisposable
{
    private const int SOL_SOCKET = 1;
    private const int SO_REUSEPORT = 15;
    private static readonly byte[] _answer =
        Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 18\r\nConnection: close\r\n\r\nSOME OTHER PROGRAM");

    private readonly Socket _listener;

    private Stranger(Socket listener)
    {
        _listener = listener;
        _ = Answer();
    }

    public static string Words { get; } = $"process {Environment.ProcessId})";

    /// <summary>Takes the port; null where somebody else was faster.</summary>
    public static Stranger? TryTake(int port, IPAddress? at = null, bool shared = false)
    {
        at ??= IPAddress.Loopback;
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (shared) socket.SetRawSocketOption(SOL_SOCKET, SO_REUSEPORT, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(at, port));
            socket.Listen();
            return new(socket);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task Answer()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptAsync();
                await connection.ReceiveAsync(new byte[4096]);
                await connection.SendAsync(_answer);
            }
        }
        catch (SocketException)
        {
            // It is disposed, or a client went away.
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
