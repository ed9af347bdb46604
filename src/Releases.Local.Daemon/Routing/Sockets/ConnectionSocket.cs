namespace Releases.Local;

/// <summary>
/// Represents a socket without a buffer, for one reader and one writer at a time. A disconnect by the other side is a result rather than an
/// exception.
/// </summary>
internal abstract class ConnectionSocket : IDisposable
{
    /// <summary>Indicates that nothing can be read at the moment.</summary>
    public const int WouldBlock = -1;

    /// <summary>Indicates that the connection was reset, or was closed here.</summary>
    public const int Broken = -2;

    /// <summary>Gets the group of the socket; sockets of a group are served by the same thread, and are best used together.</summary>
    public abstract int Group { get; }

    /// <summary>Gets whether there is anything to read, including the end, on a connection that should be silent.</summary>
    public abstract bool IsReadable { get; }

    /// <summary>Gets the same as <see cref="IsReadable"/>, as far as it is known without a system call.</summary>
    public abstract bool HasSignaled { get; }

    /// <summary>
    /// Reads without waiting. Returns the number of bytes, 0 at the end, <see cref="WouldBlock"/> or <see cref="Broken"/>.
    /// </summary>
    public abstract int TryReceive(Span<byte> bytes);

    /// <summary>Reads like <see cref="TryReceive"/>, without consuming the bytes.</summary>
    public abstract int TryPeek(Span<byte> bytes);

    /// <summary>Waits until a read is worth trying.</summary>
    public abstract ValueTask WaitReadable();

    /// <summary>Sends all of these bytes. Returns the number accepted before the connection accepted no more.</summary>
    public abstract ValueTask<int> Send(ReadOnlyMemory<byte> bytes);

    /// <summary>
    /// Watches for the other side's end while nothing is read, and reports whether it is a reset. Any data that arrives instead is left to
    /// be read.
    /// </summary>
    public abstract void Watch(Action<bool> ended);

    /// <summary>Ends a watch, so that the other side's end is only read.</summary>
    public abstract void Unwatch();

    /// <summary>Shuts down sending; reading continues.</summary>
    public abstract void EndSending();

    /// <summary>Aborts the connection, so that the other side can't mistake what it got for the complete message.</summary>
    public abstract void Abort();

    /// <summary>Closes the connection and wakes those who wait for it. Sent data still arrives.</summary>
    public abstract void Close();

    /// <summary>Opens another connection of the same group, to a port of this machine. Returns null if it isn't accepted in time.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">This process has too many open files for another one.</exception>
    public abstract ValueTask<ConnectionSocket?> Connect(int port, TimeSpan limit, TimeProvider time);

    /// <summary>Releases the socket to another owner.</summary>
    public abstract void Release();

    public abstract void Dispose();
}
