using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace Releases.Local;

/// <summary>
/// One thread that waits for many sockets and runs what waits for them, as nginx does: an exchange costs no change of threads. A
/// socket is made known once; from then on the kernel tells what is new about it (edge-triggered).
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

    public EventLoop(int group)
    {
        Group = group;
        Epoll.Watch(_epoll, _waker, Epoll.In, 0);
        _thread = new(Run) { Name = "router", IsBackground = true };
        _thread.Start();
    }

    public int Group { get; }

    /// <summary>From now on the socket gets its events. Returns its number here.</summary>
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

    /// <summary>A socket that is closed, which the kernel forgets by itself.</summary>
    public void Remove(long number) => _sockets.TryRemove(number, out _);

    /// <summary>A socket that lives on elsewhere.</summary>
    public void Remove(long number, nint descriptor)
    {
        Remove(number);
        Epoll.Forget(_epoll, descriptor);
    }

    /// <summary>Wakes whoever waits for this socket, soon and on the loop's thread.</summary>
    public void Post(LoopSocket socket)
    {
        _posted.Enqueue(socket);
        if (!_stopping && Interlocked.Exchange(ref _woken, 1) == 0) Epoll.Wake(_waker);
    }

    /// <summary>Ends the thread. No socket is left by then.</summary>
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
        // Not those that come meanwhile: they wake it again, and events come between.
        for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var socket); left--) socket.WakeUp();
    }
}
