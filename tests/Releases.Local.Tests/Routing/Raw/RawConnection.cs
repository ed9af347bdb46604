using System.Net;
using System.Net.Sockets;
using System.Text;
using Releases.Testing;

namespace Releases.Local.Tests;

/// <summary>A socket that is read by counting bytes and by looking for the end of a head, and by nothing cleverer.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private readonly List<byte> _read = [];

    public Socket Socket => socket;

    public static async Task<RawConnection> To(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new(socket);
    }

    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>In up to eight pieces of any length.</summary>
    public async Task Send(ReadOnlyMemory<byte> bytes, Random? pieces)
    {
        for (var left = 7; pieces is not null && left > 0 && bytes.Length > 1; left--)
        {
            var piece = pieces.Next(1, bytes.Length);
            await Send(bytes[..piece]);
            bytes = bytes[piece..];
            // So that the other side has its turn.
            await Task.Yield();
        }

        await Send(bytes);
    }

    public Task Send(string latin1) => Send(Encoding.Latin1.GetBytes(latin1));

    /// <summary>A head, up to and with its empty line; what came of it where the connection ends first.</summary>
    public async Task<byte[]> Head()
    {
        while (true)
        {
            var end = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_read).IndexOf("\r\n\r\n"u8);
            if (end >= 0) return Take(end + 4);
            if (!await More()) return Take(_read.Count);
        }
    }

    /// <summary>So many bytes, or as many as come.</summary>
    public async Task<byte[]> Bytes(int count)
    {
        while (_read.Count < count)
            if (!await More()) break;
        return Take(Math.Min(count, _read.Count));
    }

    public async Task<byte[]> ToTheEnd()
    {
        while (await More()) { }
        return Take(_read.Count);
    }

    public async Task<string> TextToTheEnd() => Encoding.Latin1.GetString(await ToTheEnd());

    /// <summary>Waits for more to read, and takes nothing of it; false when it ends.</summary>
    public async Task<bool> HasMore() => _read.Count > 0 || await socket.ReceiveAsync(new byte[1], SocketFlags.Peek) > 0;

    /// <summary>Closes the connection in order, or with a reset.</summary>
    public void Close(bool abruptly)
    {
        if (abruptly) socket.LingerState = new(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private async Task<bool> More()
    {
        var buffer = new byte[64 * 1024];
        int count;
        try
        {
            count = await socket.ReceiveAsync(buffer).WaitAsync(Patience.Limit);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }

        _read.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }

    private byte[] Take(int count)
    {
        var taken = _read.GetRange(0, count).ToArray();
        _read.RemoveRange(0, count);
        return taken;
    }
}
