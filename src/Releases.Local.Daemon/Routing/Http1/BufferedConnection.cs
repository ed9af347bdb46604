using System.Runtime.CompilerServices;

namespace Releases.Local;

/// <summary>
/// Represents a connection with the bytes that were read but not consumed. A disconnect by the other side is a result rather than an
/// exception, because a router sees it all the time. It holds no buffer while it waits, so that ten thousand idle connections cost little.
/// </summary>
internal sealed class BufferedConnection(ConnectionSocket socket) : IDisposable
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _size = BufferPool.Small;

    /// <summary>Gets the bytes that were read but not consumed; valid until the next <see cref="Fill"/>.</summary>
    public Memory<byte> Unread => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Gets whether the connection ended in another way than by the other side's orderly close.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Gets the group of the socket; sockets of a group are served by the same thread.</summary>
    public int Group => socket.Group;

    /// <summary>Gets whether there is anything to read, including the end, on a connection that should be silent.</summary>
    public bool IsReadable => _start != _end || socket.IsReadable;

    /// <summary>Gets the same as <see cref="IsReadable"/>, as far as it is known without a system call.</summary>
    public bool HasSignaled => _start != _end || socket.HasSignaled;

    /// <summary>Gets the number of the other side's bytes that were consumed.</summary>
    public long Consumed { get; private set; }

    /// <summary>Gets the number of bytes sent to the other side.</summary>
    public long Sent { get; private set; }

    public void Consume(int count)
    {
        _start += count;
        Consumed += count;
    }

    /// <summary>Opens another connection, to a port of this machine. Returns null if it isn't accepted in time.</summary>
    public async ValueTask<BufferedConnection?> Connect(int port, TimeSpan limit, TimeProvider time) =>
        await socket.Connect(port, limit, time) is { } connected ? new(connected) : null;

    /// <summary>Determines whether the connection begins with these bytes, without consuming them.</summary>
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
            // Only a part has arrived, and nothing signals when there is more to peek at.
            await Task.Delay(TimeSpan.FromMilliseconds(10), time);
        }
    }

    /// <summary>Reads more bytes after the unread ones. Returns false when no more arrive.</summary>
    public ValueTask<bool> Fill()
    {
        Reserve();
        var count = socket.TryReceive(_buffer.AsSpan(_end));
        return count == ConnectionSocket.WouldBlock ? FillLater() : new(Take(count));
    }

    /// <summary>Sends all of these bytes. Returns false if the connection doesn't accept them.</summary>
    public ValueTask<bool> Send(ReadOnlyMemory<byte> bytes)
    {
        var sending = socket.Send(bytes);
        if (!sending.IsCompletedSuccessfully) return SendLater(sending, bytes.Length);
        var sent = sending.Result;
        Sent += sent;
        return new(sent == bytes.Length);
    }

    /// <summary>
    /// Watches for the other side's end while nothing is read. Any data that arrives instead is left for <see cref="Fill"/>.
    /// </summary>
    public void Watch(Action<bool> ended)
    {
        if (_start != _end) return;
        Release();
        socket.Watch(ended);
    }

    /// <summary>Ends a watch, so that the other side's end is only read.</summary>
    public void Unwatch() => socket.Unwatch();

    /// <summary>Shuts down sending; reading continues.</summary>
    public void EndSending() => socket.EndSending();

    /// <summary>Releases the buffer until the next read.</summary>
    public void ReleaseBuffer()
    {
        if (_start == _end) Release();
    }

    /// <summary>Aborts the connection, so that the other side can't mistake what it got for the complete message.</summary>
    public void Abort()
    {
        IsBroken = true;
        socket.Abort();
    }

    /// <summary>Closes the connection and wakes a reader that waits for it. <see cref="Dispose"/> returns the buffer.</summary>
    public void Close() => socket.Close();

    /// <summary>Releases the socket to another owner. Unconsumed bytes are lost.</summary>
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
        // Read in larger blocks if the buffer was filled, and in small ones again if little arrived.
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
