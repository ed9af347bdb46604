using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Releases.Local;

/// <summary>Represents a socket that an <see cref="EventLoop"/> serves, with non-blocking reads and writes.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopSocket : ConnectionSocket
{
    /// <summary>The number of successive reads after which other sockets get their turn.</summary>
    private const int MaxReadsInRow = 16;

    private readonly Socket _socket;
    private readonly SafeSocketHandle _handle;
    private readonly EventLoop _loop;
    private readonly Readiness _read = new();
    private readonly Readiness _write = new();
    private readonly long _number;
    private Action<bool>? _watch;
    private int _readsInRow;
    private volatile bool _peerEnded;
    private volatile bool _closed;
    private int _counted;

    public LoopSocket(Socket socket, EventLoop loop)
    {
        (_socket, _handle, _loop) = (socket, socket.SafeHandle, loop);
        _number = loop.Add(this, _handle.DangerousGetHandle());
    }

    public override int Group => _loop.Group;

    public override bool IsReadable => HasSignaled || TryPeek(stackalloc byte[1]) != WouldBlock;

    public override bool HasSignaled => _peerEnded || (_read.IsReady && TryPeek(stackalloc byte[1]) != WouldBlock);

    public override int TryReceive(Span<byte> bytes)
    {
        if (!_read.IsReady) return WouldBlock;
        if (++_readsInRow > MaxReadsInRow)
        {
            // It stays ready, and continues when its turn comes.
            _read.Clear();
            _loop.Post(this);
            return WouldBlock;
        }

        _read.Clear();
        var count = Receive(bytes, 0);
        // Otherwise nothing is left, and the kernel signals when there is more.
        if (count == bytes.Length || count is 0 or Broken || (_peerEnded && count != WouldBlock)) _read.Set();
        return count;
    }

    public override int TryPeek(Span<byte> bytes) => Receive(bytes, Epoll.Peek);

    public override ValueTask WaitReadable() => _read.Wait();

    public override ValueTask<int> Send(ReadOnlyMemory<byte> bytes)
    {
        var sent = TrySend(bytes.Span);
        return sent == bytes.Length ? new(sent) : sent == Broken ? new(0) : SendRest(bytes, Math.Max(0, sent));
    }

    public override void Watch(Action<bool> ended)
    {
        // The exchange is a full barrier: either this sees the flag, or whoever sets the flag sees the callback.
        Interlocked.Exchange(ref _watch, ended);
        if (_peerEnded || _closed) NotifyWatch();
    }

    public override void Unwatch() => Volatile.Write(ref _watch, null);

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

        Dispose();
    }

    public override void Close()
    {
        Shutdown(SocketShutdown.Both);
        WakeAll();
    }

    public override async ValueTask<ConnectionSocket?> Connect(int port, TimeSpan limit, TimeProvider time)
    {
        Socket? socket = null;
        LoopSocket connection;
        int error;
        _ = _loop.Limit.Connect();
        try
        {
            socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
            error = Epoll.Connect(socket.SafeHandle, port);
            if (error is not (0 or Epoll.InProgress)) throw new SocketException(error);
            connection = new(socket, _loop) { _counted = 1 };
        }
        catch (SocketException failure)
        {
            _loop.Limit.Disconnect();
            socket?.Dispose();
            if (OpenFileLimit.IsReached(failure)) throw;
            // Nobody listens there.
            return null;
        }

        if (error == 0 || await connection.Connected(limit, time)) return connection;
        connection.Dispose();
        return null;
    }

    public override void Release() => _loop.Remove(_number, _handle.DangerousGetHandle());

    public override void Dispose()
    {
        // The caller needs no notice of its own disposal.
        Unwatch();
        _loop.Remove(_number);
        _socket.Dispose();
        if (Interlocked.Exchange(ref _counted, 0) == 1) _loop.Limit.Disconnect();
        WakeAll();
    }

    /// <summary>Handles an event. Called by the loop.</summary>
    public void Signal(uint flags)
    {
        _readsInRow = 0;
        var ended = (flags & (Epoll.PeerEnded | Epoll.HangUp | Epoll.Error)) != 0;
        if (ended) _peerEnded = true;
        if (ended || (flags & Epoll.In) != 0) _read.Set();
        if ((flags & (Epoll.Out | Epoll.HangUp | Epoll.Error)) != 0) _write.Set();
        if (ended) NotifyWatch();
    }

    /// <summary>Wakes the waiters. Called by the loop after a post.</summary>
    public void WakeUp()
    {
        _readsInRow = 0;
        _read.Set();
        if (!_closed) return;
        _write.Set();
        NotifyWatch();
    }

    /// <summary>Wakes the waiters on the loop's thread rather than within the call that closes the socket.</summary>
    private void WakeAll()
    {
        _closed = true;
        if (_read.Close() | _write.Close() || Volatile.Read(ref _watch) is not null) _loop.Post(this);
    }

    private int Receive(Span<byte> bytes, int flags)
    {
        if (_closed) return Broken;
        try
        {
            while (true)
            {
                var count = Epoll.Receive(_handle, bytes, flags);
                if (count >= 0) return count;
                switch (Marshal.GetLastPInvokeError())
                {
                    case Epoll.TryAgain: return WouldBlock;
                    case Epoll.Interrupted: continue;
                    default: return Broken;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return Broken;
        }
    }

    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (_closed) return Broken;
        try
        {
            while (true)
            {
                var count = Epoll.Send(_handle, bytes);
                if (count >= 0) return count;
                switch (Marshal.GetLastPInvokeError())
                {
                    case Epoll.TryAgain: return WouldBlock;
                    case Epoll.Interrupted: continue;
                    default: return Broken;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return Broken;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> SendRest(ReadOnlyMemory<byte> bytes, int sent)
    {
        while (sent < bytes.Length)
        {
            _write.Clear();
            var count = TrySend(bytes.Span[sent..]);
            if (count == Broken) break;
            if (count == WouldBlock) await _write.Wait();
            else sent += count;
        }

        return sent;
    }

    private async ValueTask<bool> Connected(TimeSpan limit, TimeProvider time)
    {
        await using var timer = time.CreateTimer(_ => Close(), null, limit, Timeout.InfiniteTimeSpan);
        await _write.Wait();
        return !_closed && _socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is 0;
    }

    /// <summary>Notifies the watcher of the end, unless there is data to read before it.</summary>
    private void NotifyWatch()
    {
        if (Interlocked.Exchange(ref _watch, null) is not { } watch) return;
        switch (TryPeek(stackalloc byte[1]))
        {
            case 0: watch(false); break;
            case Broken: watch(true); break;
            case WouldBlock: Volatile.Write(ref _watch, watch); break;
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
}
