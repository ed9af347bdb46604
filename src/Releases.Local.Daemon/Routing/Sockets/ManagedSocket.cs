using System.Net;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>A socket as .NET serves them: where there is no epoll.</summary>
internal sealed class ManagedSocket : ConnectionSocket
{
    private readonly Socket _socket;
    private Task? _watch;

    public ManagedSocket(Socket socket)
    {
        _socket = socket;
        socket.Blocking = false;
    }

    public override int Group => 0;

    public override bool IsReadable
    {
        get
        {
            try
            {
                return _socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    public override bool HasSignaled => IsReadable;

    public override int TryReceive(Span<byte> bytes)
    {
        // What was looked ahead for has come; the next end needs another watch.
        if (_watch is { IsCompleted: true }) _watch = null;
        return Receive(bytes, SocketFlags.None);
    }

    public override int TryPeek(Span<byte> bytes) => Receive(bytes, SocketFlags.Peek);

    public override async ValueTask WaitReadable()
    {
        try
        {
            if (_watch is { } watch) await watch;
            else await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
            _watch = null;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The read that follows tells.
        }
    }

    public override async ValueTask<int> Send(ReadOnlyMemory<byte> bytes)
    {
        var sent = 0;
        try
        {
            while (sent < bytes.Length) sent += await _socket.SendAsync(bytes[sent..], SocketFlags.None);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It takes no more, which the count says.
        }

        return sent;
    }

    public override void Watch(Action<bool> ended) => _watch ??= Look(ended);

    public override void EndSending() => Shutdown(SocketShutdown.Send);

    public override void Abort()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        _socket.Dispose();
    }

    public override void Close()
    {
        // Without it, whatever was sent and has not arrived is lost where a read is under way: disposing resets then.
        Shutdown(SocketShutdown.Both);
        _socket.Dispose();
    }

    public override async ValueTask<ConnectionSocket?> Connect(int port, TimeSpan limit, TimeProvider time)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = new CancellationTokenSource(limit, time);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), timeout.Token);
            return new ManagedSocket(socket);
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    public override void Release()
    {
        // Nothing is known of it elsewhere.
    }

    public override void Dispose() => Close();

    private int Receive(Span<byte> bytes, SocketFlags flags)
    {
        try
        {
            var count = _socket.Receive(bytes, flags, out var error);
            return error switch
            {
                SocketError.Success => count,
                SocketError.WouldBlock => WouldBlock,
                _ => Broken,
            };
        }
        catch (ObjectDisposedException)
        {
            return Broken;
        }
    }

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended altogether, which includes this.
        }
    }

    private async Task Look(Action<bool> ended)
    {
        try
        {
            // A read of nothing returns at any event, one about bytes that were read meanwhile included.
            do await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
            while (!_socket.Poll(0, SelectMode.SelectRead));
            if (_socket.Available == 0) ended(false);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            ended(true);
        }
    }
}
