namespace Releases.Local;

/// <summary>
/// Has the router listen at the ports that the rack keeps. One that another program has is reported, and tried again until it
/// is free: whoever ends that program need not know that the rack waits for it.
/// </summary>
internal sealed class RackPorts(Router router, DaemonLog log, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Problem> _taken = [];
    private ITimer? _again;

    /// <summary>Listens at this port, now or as soon as it is free; reports what prevents it.</summary>
    public Problem? Open(int port)
    {
        lock (_gate)
        {
            var known = _taken.Remove(port);
            if (TryListen(port) is not { } problem) return null;
            _taken.Add(port, problem);
            if (!known) log.Write(problem.Sentence);
            _again ??= time.CreateTimer(_ => TryAgain(), null, RetryInterval, RetryInterval);
            return problem;
        }
    }

    /// <summary>What keeps a port from being opened.</summary>
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
                if (Open(port) is null) log.Write($"port {port} is free again and is listened at");
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
