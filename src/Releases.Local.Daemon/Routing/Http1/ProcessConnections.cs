namespace Releases.Local;

/// <summary>Manages the idle connections to a process.</summary>
internal sealed class ProcessConnections(int port)
{
    /// <summary>
    /// How long to keep an idle connection. This is shorter than servers do (Node 5 s, Kestrel 130 s), because a request on a connection
    /// that the server closes is lost.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(4);

    /// <summary>
    /// The idle time below which the kernel isn't asked whether the connection has ended, because the end would have been signaled.
    /// </summary>
    private static readonly TimeSpan FreshTime = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<(BufferedConnection Connection, long Since)> _idle = [];
    private bool _retired;

    /// <summary>
    /// Takes an idle connection that is still open, preferably of the client's own thread, or returns null if there is none.
    /// </summary>
    public BufferedConnection? TakeIdle(BufferedConnection client, TimeProvider time)
    {
        while (Pop(client.Group) is { } idle)
        {
            var waited = time.GetElapsedTime(idle.Since);
            var ended = waited >= IdleTimeout || (waited < FreshTime ? idle.Connection.HasSignaled : idle.Connection.IsReadable);
            if (!ended) return idle.Connection;
            idle.Connection.Dispose();
        }

        return null;
    }

    /// <summary>Opens a new connection, or returns null if the process accepts none.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The router has too many open files for another one.</exception>
    public ValueTask<BufferedConnection?> Connect(BufferedConnection client, TimeProvider time) =>
        client.Connect(port, ConnectTimeout, time);

    public void Keep(BufferedConnection connection, TimeProvider time)
    {
        connection.ReleaseBuffer();
        lock (_gate)
        {
            if (!_retired)
            {
                _idle.Add((connection, time.GetTimestamp()));
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>
    /// Sets whether the process is retired. A retired process gets no more requests, and its connections aren't kept, so that it can end.
    /// </summary>
    public void Retire(bool retired)
    {
        lock (_gate) _retired = retired;
        if (retired) Forget(_ => true);
    }

    /// <summary>Closes the connections that have been idle for too long.</summary>
    public void Trim(TimeProvider time) => Forget(since => time.GetElapsedTime(since) >= IdleTimeout);

    /// <summary>Closes all idle connections.</summary>
    public void CloseIdle() => Forget(_ => true);

    /// <summary>Removes the most recently used connection, preferably of this group.</summary>
    private (BufferedConnection Connection, long Since)? Pop(int group)
    {
        lock (_gate)
        {
            if (_idle.Count == 0) return null;
            var at = _idle.Count - 1;
            while (at >= 0 && _idle[at].Connection.Group != group) at--;
            if (at < 0) at = _idle.Count - 1;
            var idle = _idle[at];
            _idle.RemoveAt(at);
            return idle;
        }
    }

    private void Forget(Predicate<long> isOld)
    {
        List<BufferedConnection> old = [];
        lock (_gate)
        {
            _idle.RemoveAll(idle =>
            {
                if (!isOld(idle.Since)) return false;
                old.Add(idle.Connection);
                return true;
            });
        }

        foreach (var connection in old) connection.Dispose();
    }
}
