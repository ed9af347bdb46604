using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace Releases.Local;

/// <summary>
/// Represents a thread that waits for many sockets and runs their continuations, as nginx does, so that an exchange needs no thread
/// switches. A socket is registered once; from then on the kernel reports what is new (edge-triggered).
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class EventLoop : IDisposable
{
    private const int MaxEvents = 256;
    private const uint Flags = Epoll.In | Epoll.Out | Epoll.PeerEnded | Epoll.EdgeTriggered;

    private readonly ConcurrentDictionary<long, LoopSocket> _sockets = new();
    private readonly ConcurrentQueue<LoopSocket> _posted = new();
    private readonly byte[] _events = new byte[MaxEvents * Epoll.EventSize];
    private readonly int _epoll = Epoll.Create();
    private readonly int _waker = Epoll.CreateWaker();
    private readonly Thread _thread;
    private long _number;
    private int _woken;
    private volatile bool _stopping;

    public EventLoop(int group, ConnectionLimit limit)
    {
        (Group, Limit) = (group, limit);
        Epoll.Watch(_epoll, _waker, Epoll.In, 0);
        _thread = new(Run) { Name = "router", IsBackground = true };
        _thread.Start();
    }

    public int Group { get; }

    /// <summary>Gets the counter of the connections to processes.</summary>
    public ConnectionLimit Limit { get; }

    /// <summary>Registers a socket for events. Returns its number in this loop.</summary>
    public long Add(LoopSocket socket, nint descriptor)
    {
        var number = Interlocked.Increment(ref _number);
        _sockets[number] = socket;
        try
        {
            Epoll.Watch(_epoll, descriptor, Flags, number);
            return number;
        }
        catch
        {
            Remove(number);
            throw;
        }
    }

    /// <summary>Removes a closed socket, which the kernel unregisters by itself.</summary>
    public void Remove(long number) => _sockets.TryRemove(number, out _);

    /// <summary>Removes a socket that will be used elsewhere.</summary>
    public void Remove(long number, nint descriptor)
    {
        Remove(number);
        Epoll.Forget(_epoll, descriptor);
    }

    /// <summary>Wakes the waiter of a socket, soon and on the loop's thread.</summary>
    public void Post(LoopSocket socket)
    {
        _posted.Enqueue(socket);
        if (!_stopping && Interlocked.Exchange(ref _woken, 1) == 0) Epoll.Wake(_waker);
    }

    /// <summary>Ends the thread. No sockets may be left.</summary>
    public void Dispose()
    {
        _stopping = true;
        Epoll.Wake(_waker);
        if (Thread.CurrentThread != _thread) _thread.Join();
        Epoll.Close(_waker);
        Epoll.Close(_epoll);
    }

    private void Run()
    {
        while (!_stopping)
        {
            var count = Epoll.Wait(_epoll, _events, milliseconds: -1);
            var posted = false;
            for (var i = 0; i < count; i++)
            {
                var (flags, number) = Epoll.Read(_events, i);
                if (number == 0) posted = true;
                else if (_sockets.TryGetValue(number, out var socket)) socket.Signal(flags);
            }

            if (posted) RunPosted();
        }
    }

    private void RunPosted()
    {
        Epoll.WakeTaken(_waker);
        Volatile.Write(ref _woken, 0);
        // Not those posted meanwhile: they wake the thread again, and events are handled in between.
        for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var socket); left--) socket.WakeUp();
    }
}
