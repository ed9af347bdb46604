using System.Net;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Detects whether a server speaks HTTP/2 with prior knowledge, by beginning a connection as an HTTP/2 client does.</summary>
internal static class Http2Detection
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The connection preface with an empty SETTINGS frame.</summary>
    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    /// <summary>Returns whether the server speaks HTTP/2, or null if it can't be connected to or doesn't respond.</summary>
    public static async Task<bool?> Probe(IPEndPoint at, TimeProvider time, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(at, either.Token);
            await socket.SendAsync(Preface, either.Token);
            var frame = new byte[9];
            var read = 0;
            while (read < frame.Length && await socket.ReceiveAsync(frame.AsMemory(read), either.Token) is > 0 and var count) read += count;
            // A server's first frame is SETTINGS (RFC 9113, 3.4).
            return read == frame.Length && frame[3] == 4 && frame.AsSpan(5, 4).IndexOfAnyExcept((byte)0) < 0;
        }
        catch (Exception silent) when (silent is SocketException
            || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
