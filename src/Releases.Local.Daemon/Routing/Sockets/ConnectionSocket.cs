namespace Releases.Local;

/// <summary>
/// One socket without a buffer. One reader and one writer at a time. That the other side is gone is a result, not an exception.
/// </summary>
internal abstract class ConnectionSocket : IDisposable
{
    /// <summary>Nothing can be read at this moment.</summary>
    public const int WouldBlock = -1;

    /// <summary>It ended otherwise than by the other side's saying so, or was closed here.</summary>
    public const int Broken = -2;

    /// <summary>Sockets with the same number are served by the same thread, and best go together.</summary>
    public abstract int Group { get; }

    /// <summary>Whether something lies there to be read, the end included; asked of a connection that should be silent.</summary>
    public abstract bool IsReadable { get; }

    /// <summary>The same, as far as it is known without asking.</summary>
    public abstract bool HasSignaled { get; }

    /// <summary>Reads without waiting: how many bytes, 0 at the end, <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public abstract int TryReceive(Span<byte> bytes);

    /// <summary>The same, and what was read stays to be read.</summary>
    public abstract int TryPeek(Span<byte> bytes);

    /// <summary>Waits until it is worth to read.</summary>
    public abstract ValueTask WaitReadable();

    /// <summary>Hands all of this to the connection; how many bytes of it were taken before it took no more.</summary>
    public abstract ValueTask<int> Send(ReadOnlyMemory<byte> bytes);

    /// <summary>
    /// Looks ahead for the other side's end while nothing is read from it; what it sends instead stays to be read. Says whether the end
    /// is a broken one.
    /// </summary>
    public abstract void Watch(Action<bool> ended);

    /// <summary>Signals that nothing more will be sent; reading continues.</summary>
    public abstract void EndSending();

    /// <summary>Ends it so that the other side cannot take what it got for the whole.</summary>
    public abstract void Abort();

    /// <summary>Ends the connection and wakes who waits for it. What was sent arrives.</summary>
    public abstract void Close();

    /// <summary>Another one to a port of this machine, of the same group; null if nothing takes it in time.</summary>
    public abstract ValueTask<ConnectionSocket?> Connect(int port, TimeSpan limit, TimeProvider time);

    /// <summary>Releases the socket for another owner.</summary>
    public abstract void Release();

    public abstract void Dispose();
}
