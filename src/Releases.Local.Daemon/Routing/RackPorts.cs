namespace Releases.Local;

/// <summary>
/// Makes the router listen on the rack's ports. A port that another program has is reported and retried until it is free, so that nothing
/// else needs to be done once that program is stopped.
/// </summary>
internal sealed class RackPorts(Router router, DaemonLog log, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Problem> _taken = [];
    private BackgroundTimer? _again;

    /// <summary>Listens on this port, now or as soon as it is free. Returns the problem, or null.</summary>
    public Problem? Open(int port)
    {
        lock (_gate)
        {
            // A failure of another kind leaves the port among those that are tried again.
            var problem = TryListen(port);
            var known = _taken.Remove(port);
            if (problem is null) return null;
            _taken.Add(port, problem);
            if (!known) log.Write(problem.Sentence);
            _again ??= new(time, "listening again", TryAgain, log.Write, RetryInterval, RetryInterval);
            return problem;
        }
    }

    /// <summary>Stops listening on this port, or waiting for it; open connections stay.</summary>
    public void Close(int port)
    {
        lock (_gate)
        {
            _taken.Remove(port);
            router.StopListening(port);
        }
    }

    /// <summary>Returns the problem of a port that can't be opened yet, or null.</summary>
    public Problem? ProblemAt(int port)
    {
        lock (_gate) return _taken.GetValueOrDefault(port);
    }

    public void Dispose()
    {
        lock (_gate) _again?.Dispose();
    }

    private void TryAgain()
    {
        lock (_gate)
        {
            foreach (var port in _taken.Keys.ToList())
                if (Open(port) is null) log.Write($"port {port} is free again; the router listens on it");
            if (_taken.Count > 0) return;
            _again?.Dispose();
            _again = null;
        }
    }

    private Problem? TryListen(int port)
    {
        try
        {
            router.Listen(port);
            return null;
        }
        catch (ProblemException taken)
        {
            return taken.Problems[0];
        }
    }
}
