using System.Net;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Represents a socket served by .NET, for systems without epoll.</summary>
internal sealed class ManagedSocket : ConnectionSocket
{
    private readonly Socket _socket;
    private readonly ConnectionLimit _limit;
    private Task? _watch;
    private Action<bool>? _ended;
    private int _counted;

    public ManagedSocket(Socket socket, ConnectionLimit limit)
    {
        (_socket, _limit) = (socket, limit);
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
        // The watched event has occurred; the next one needs a new watch.
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
            // The next read reports the failure.
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
            // The returned count shows that the connection accepts no more.
        }

        return sent;
    }

    public override void Watch(Action<bool> ended)
    {
        Volatile.Write(ref _ended, ended);
        _watch ??= Look();
    }

    public override void Unwatch() => Volatile.Write(ref _ended, null);

    public override void EndSending() => Shutdown(SocketShutdown.Send);

    public override void Abort()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The connection has already ended.
        }

        Discard();
    }

    public override void Close()
    {
        // Without a shutdown, disposing during a read resets the connection and loses sent data that hasn't arrived.
        Shutdown(SocketShutdown.Both);
        Discard();
    }

    public override async ValueTask<ConnectionSocket?> Connect(int port, TimeSpan limit, TimeProvider time)
    {
        Socket? socket = null;
        using var timeout = new CancellationTokenSource(limit, time);
        _ = _limit.Connect();
        try
        {
            socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), timeout.Token);
            return new ManagedSocket(socket, _limit) { _counted = 1 };
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException)
        {
            socket?.Dispose();
            _limit.Disconnect();
            if (OpenFileLimit.IsReached(refused)) throw;
            return null;
        }
    }

    public override void Release()
    {
        // It isn't registered anywhere.
    }

    public override void Dispose() => Close();

    private void Discard()
    {
        _socket.Dispose();
        if (Interlocked.Exchange(ref _counted, 0) == 1) _limit.Disconnect();
    }

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
            // Both directions have already ended.
        }
    }

    private async Task Look()
    {
        try
        {
            // An empty read returns on any event, even for bytes that have been read meanwhile.
            do await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
            while (!_socket.Poll(0, SelectMode.SelectRead));
            if (_socket.Available == 0) Volatile.Read(ref _ended)?.Invoke(false);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Volatile.Read(ref _ended)?.Invoke(true);
        }
    }
}
