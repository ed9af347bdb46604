using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>
/// A connection and what was read from it and not yet used. That the other side is gone is a result here, not an
/// exception: it is half of what a router sees. It holds no buffer while it waits, so that ten thousand idle ones cost little.
/// </summary>
internal sealed class BufferedConnection(Socket socket) : IDisposable
{
    private const int Initial = 16 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private Task? _watch;

    /// <summary>What was read and is not consumed; valid until the next <see cref="Fill"/>.</summary>
    public Memory<byte> Unread => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Whether it ended otherwise than by the other side's saying so.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether something lies there to be read, the end included; asked of a connection that should be silent.</summary>
    public bool IsReadable
    {
        get
        {
            try
            {
                return _start != _end || socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>How many of the other side's bytes were consumed.</summary>
    public long Consumed { get; private set; }

    /// <summary>How many bytes the other side was sent.</summary>
    public long Sent { get; private set; }

    public void Consume(int count)
    {
        _start += count;
        Consumed += count;
    }

    /// <summary>Whether the first bytes are these; they stay to be read.</summary>
    public async Task<bool> Begins(ReadOnlyMemory<byte> expected, TimeProvider time)
    {
        var first = new byte[expected.Length];
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(first, SocketFlags.Peek);
                if (count == 0 || !expected.Span.StartsWith(first.AsSpan(0, count))) return false;
                if (count == first.Length) return true;
                // A part of them: nothing tells when there is more to peek at.
                await Task.Delay(TimeSpan.FromMilliseconds(10), time);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            IsBroken = true;
            return false;
        }
    }

    /// <summary>Reads what comes next behind what is unread; false when nothing more comes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> Fill()
    {
        try
        {
            if (_start == _end)
            {
                Release();
                if (_watch is { } watch) await watch;
                else await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
                _watch = null;
            }

            Reserve();
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
            _end += read;
            return read > 0;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            IsBroken = true;
            return false;
        }
    }

    /// <summary>Hands all of this to the connection; false when it no longer takes any.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> Send(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var sent = await socket.SendAsync(bytes, SocketFlags.None);
                Sent += sent;
                bytes = bytes[sent..];
            }

            return true;
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Looks ahead for the other side's end while nothing is read from it; what it sends instead stays for <see cref="Fill"/>.
    /// </summary>
    public void Watch(Action<bool> ended)
    {
        if (_start != _end) return;
        Release();
        _watch ??= Look(ended);
    }

    /// <summary>Signals that nothing more will be sent; reading continues.</summary>
    public void EndSending() => Shutdown(SocketShutdown.Send);

    /// <summary>Holds no memory until it is read from again.</summary>
    public void ReleaseBuffer()
    {
        if (_start == _end) Release();
    }

    /// <summary>Ends it so that the other side cannot take what it got for the whole.</summary>
    public void Abort()
    {
        IsBroken = true;
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        socket.Dispose();
    }

    /// <summary>Ends the connection and wakes the reader that waits for it. <see cref="Dispose"/> returns the buffer.</summary>
    public void Close()
    {
        // Without it, whatever was sent and has not arrived is lost where a read is under way: disposing resets then.
        Shutdown(SocketShutdown.Both);
        socket.Dispose();
    }

    public void Dispose()
    {
        Close();
        Release();
    }

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
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
            do await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
            while (!socket.Poll(0, SelectMode.SelectRead));
            if (socket.Available == 0) ended(false);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            ended(true);
        }
    }

    private void Reserve()
    {
        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Initial);
        }
        else if (_end == _buffer.Length)
        {
            var unread = _end - _start;
            var larger = unread > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
            Buffer.BlockCopy(_buffer, _start, larger, 0, unread);
            if (larger != _buffer) ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _start, _end) = (larger, 0, unread);
        }
    }

    private void Release()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = ([], 0, 0);
    }
}
