using System.Net;
using System.Net.Sockets;

namespace Releases.Local;

/// <summary>The connections to one process that wait for their next request.</summary>
internal sealed class ProcessConnections(int port)
{
    /// <summary>
    /// Below what servers keep an idle connection for (Node 5 s, Kestrel 130 s): one that a server closes takes the next request
    /// with it.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Stack<(BufferedConnection Connection, long Since)> _idle = new();
    private bool _retired;

    /// <summary>One that was kept and is still sound; null if there is none.</summary>
    public BufferedConnection? TakeIdle(TimeProvider time)
    {
        while (true)
        {
            (BufferedConnection Connection, long Since) idle;
            lock (_gate)
                if (!_idle.TryPop(out idle)) return null;
            if (time.GetElapsedTime(idle.Since) < IdleTimeout && !idle.Connection.IsReadable) return idle.Connection;
            idle.Connection.Dispose();
        }
    }

    /// <summary>A new one; null if the process takes none.</summary>
    public async ValueTask<BufferedConnection?> Connect(TimeProvider time)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(ConnectTimeout, time);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token);
            return new(socket);
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    public void Keep(BufferedConnection connection, TimeProvider time)
    {
        connection.ReleaseBuffer();
        lock (_gate)
        {
            if (!_retired)
            {
                _idle.Push((connection, time.GetTimestamp()));
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>Whether its requests go elsewhere from now on: then nothing is kept, and the process can end in peace.</summary>
    public void Retire(bool retired)
    {
        lock (_gate) _retired = retired;
        if (retired) Forget(_ => true);
    }

    /// <summary>Closes those that have been idle for too long.</summary>
    public void Trim(TimeProvider time) => Forget(since => time.GetElapsedTime(since) >= IdleTimeout);

    private void Forget(Func<long, bool> isOld)
    {
        List<BufferedConnection> old = [];
        lock (_gate)
        {
            var all = _idle.ToArray();
            _idle.Clear();
            foreach (var idle in all.Reverse())
            {
                if (isOld(idle.Since)) old.Add(idle.Connection);
                else _idle.Push(idle);
            }
        }

        foreach (var connection in old) connection.Dispose();
    }
}
