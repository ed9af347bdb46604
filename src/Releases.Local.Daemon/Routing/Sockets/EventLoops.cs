using System.Net.Sockets;

namespace Releases.Local;

/// <summary>Distributes client connections over loops, or leaves them to .NET where there is no epoll.</summary>
internal sealed class EventLoops : IDisposable
{
    private readonly EventLoop[] _loops = [];
    private uint _turn;

    private readonly ConnectionLimit _limit;

    /// <param name="count">The number of loops, or 0 to leave the connections to .NET.</param>
    /// <param name="limit">Counts the connections to processes.</param>
    public EventLoops(int count, ConnectionLimit limit)
    {
        _limit = limit;
        if (!OperatingSystem.IsLinux()) return;
        _loops = new EventLoop[count];
        for (var i = 0; i < count; i++) _loops[i] = new(i, limit);
    }

    /// <summary>
    /// Gets the default number of loops, which gives the router its share of a busy machine; a few loops forward more than the apps beside
    /// them can answer.
    /// </summary>
    public static int DefaultCount => Math.Clamp(Environment.ProcessorCount, 1, 4);

    public ConnectionSocket Serve(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || _loops.Length == 0) return new ManagedSocket(socket, _limit);
        return new LoopSocket(socket, _loops[Interlocked.Increment(ref _turn) % _loops.Length]);
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            foreach (var loop in _loops) loop.Dispose();
    }
}
