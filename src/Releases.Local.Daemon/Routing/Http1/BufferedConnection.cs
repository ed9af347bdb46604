using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>
/// A connection and what was read from it and not yet used. That the other side is gone is a result here, not an
/// exception: it is half of what a router sees. It holds no buffer while it waits, so that ten thousand idle ones cost little.
/// </summary>
internal sealed class BufferedConnection(ConnectionSocket socket) : IDisposable
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _size = BufferPool.Small;

    /// <summary>What was read and is not consumed; valid until the next <see cref="Fill"/>.</summary>
    public Memory<byte> Unread => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Whether it ended otherwise than by the other side's saying so.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Sockets of the same number are served by the same thread.</summary>
    public int Group => socket.Group;

    /// <summary>Whether something lies there to be read, the end included; asked of a connection that should be silent.</summary>
    public bool IsReadable => _start != _end || socket.IsReadable;

    /// <summary>The same, as far as it is known without asking.</summary>
    public bool HasSignaled => _start != _end || socket.HasSignaled;

    /// <summary>How many of the other side's bytes were consumed.</summary>
    public long Consumed { get; private set; }

    /// <summary>How many bytes the other side was sent.</summary>
    public long Sent { get; private set; }

    public void Consume(int count)
    {
        _start += count;
        Consumed += count;
    }

    /// <summary>Another connection, to a port of this machine; null if nothing takes it in time.</summary>
    public async ValueTask<BufferedConnection?> Connect(int port, TimeSpan limit, TimeProvider time) =>
        await socket.Connect(port, limit, time) is { } connected ? new(connected) : null;

    /// <summary>Whether the first bytes are these; they stay to be read.</summary>
    public async Task<bool> Begins(ReadOnlyMemory<byte> expected, TimeProvider time)
    {
        var first = new byte[expected.Length];
        while (true)
        {
            var count = socket.TryPeek(first);
            if (count == ConnectionSocket.WouldBlock)
            {
                await socket.WaitReadable();
                continue;
            }

            if (count <= 0 || !expected.Span.StartsWith(first.AsSpan(0, count))) return false;
            if (count == first.Length) return true;
            // A part of them: nothing tells when there is more to peek at.
            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
        }
    }

    /// <summary>Reads what comes next behind what is unread; false when nothing more comes.</summary>
    public ValueTask<bool> Fill()
    {
        Reserve();
        var count = socket.TryReceive(_buffer.AsSpan(_end));
        return count == ConnectionSocket.WouldBlock ? FillLater() : new(Take(count));
    }

    /// <summary>Hands all of this to the connection; false when it no longer takes any.</summary>
    public ValueTask<bool> Send(ReadOnlyMemory<byte> bytes)
    {
        var sending = socket.Send(bytes);
        if (!sending.IsCompletedSuccessfully) return SendLater(sending, bytes.Length);
        var sent = sending.Result;
        Sent += sent;
        return new(sent == bytes.Length);
    }

    /// <summary>
    /// Looks ahead for the other side's end while nothing is read from it; what it sends instead stays for <see cref="Fill"/>.
    /// </summary>
    public void Watch(Action<bool> ended)
    {
        if (_start != _end) return;
        Release();
        socket.Watch(ended);
    }

    /// <summary>Signals that nothing more will be sent; reading continues.</summary>
    public void EndSending() => socket.EndSending();

    /// <summary>Holds no memory until it is read from again.</summary>
    public void ReleaseBuffer()
    {
        if (_start == _end) Release();
    }

    /// <summary>Ends it so that the other side cannot take what it got for the whole.</summary>
    public void Abort()
    {
        IsBroken = true;
        socket.Abort();
    }

    /// <summary>Ends the connection and wakes the reader that waits for it. <see cref="Dispose"/> returns the buffer.</summary>
    public void Close() => socket.Close();

    /// <summary>Releases the socket for another owner. What was not consumed is lost.</summary>
    public void HandOver()
    {
        socket.Release();
        Release();
    }

    public void Dispose()
    {
        socket.Dispose();
        Release();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillLater()
    {
        int count;
        do
        {
            if (_start == _end) Release();
            await socket.WaitReadable();
            Reserve();
            count = socket.TryReceive(_buffer.AsSpan(_end));
        }
        while (count == ConnectionSocket.WouldBlock);
        return Take(count);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendLater(ValueTask<int> sending, int length)
    {
        var sent = await sending;
        Sent += sent;
        return sent == length;
    }

    private bool Take(int count)
    {
        if (count < 0) IsBroken = true;
        if (count <= 0) return false;
        // More of the same is read in larger pieces, and less in smaller ones.
        if (_end + count == _buffer.Length) _size = BufferPool.Large;
        else if (count < BufferPool.Small) _size = BufferPool.Small;
        _end += count;
        return true;
    }

    private void Reserve()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
            if (_buffer.Length >= _size) return;
            Release();
            _buffer = BufferPool.Rent(_size);
        }
        else if (_end == _buffer.Length)
        {
            var unread = _end - _start;
            var larger = unread > _buffer.Length / 2 ? BufferPool.Rent(_buffer.Length * 2) : _buffer;
            Buffer.BlockCopy(_buffer, _start, larger, 0, unread);
            if (larger != _buffer) BufferPool.Return(_buffer);
            (_buffer, _start, _end) = (larger, 0, unread);
        }
    }

    private void Release()
    {
        if (_buffer.Length > 0) BufferPool.Return(_buffer);
        (_buffer, _start, _end) = ([], 0, 0);
    }
}
