namespace Releases.Local;

/// <summary>The connections to one process that wait for their next request.</summary>
internal sealed class ProcessConnections(int port)
{
    /// <summary>
    /// Below what servers keep an idle connection for (Node 5 s, Kestrel 130 s): one that a server closes takes the next request
    /// with it.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(4);

    /// <summary>One that has waited for less is asked of the kernel no more: its end would have been signaled.</summary>
    private static readonly TimeSpan FreshTime = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<(BufferedConnection Connection, long Since)> _idle = [];
    private bool _retired;

    /// <summary>One that was kept and is still sound, of the client's own thread if there is one; null if there is none.</summary>
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

    /// <summary>A new one; null if the process takes none.</summary>
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

    /// <summary>Whether its requests go elsewhere from now on: then nothing is kept, and the process can end in peace.</summary>
    public void Retire(bool retired)
    {
        lock (_gate) _retired = retired;
        if (retired) Forget(_ => true);
    }

    /// <summary>Closes those that have been idle for too long.</summary>
    public void Trim(TimeProvider time) => Forget(since => time.GetElapsedTime(since) >= IdleTimeout);

    /// <summary>The one that was kept last.</summary>
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
