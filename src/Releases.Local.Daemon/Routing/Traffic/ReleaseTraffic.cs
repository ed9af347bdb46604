namespace Releases.Local;

/// <summary>
/// What the router has seen of one release's requests to one service, all its processes together, since the daemon started. Counts
/// only grow, and counting takes no lock: what happened between two moments is the difference of two readings.
/// </summary>
internal sealed class ReleaseTraffic
{
    private readonly LatencyHistogram _latencies = new();
    private long _requests;
    private long _serverErrors;
    private long _failed;
    private long _bytesIn;
    private long _bytesOut;
    private long _answerTicks;
    private int _inFlight;

    /// <summary>The requests that are not answered; upgraded connections and event streams are not among them.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>How long all answers took together.</summary>
    public TimeSpan AnswerTime => TimeSpan.FromTicks(Volatile.Read(ref _answerTicks));

    /// <summary>Outcomes are read before the requests that they are of, so that there are never more of them.</summary>
    public TrafficCounts Read()
    {
        var (latencies, errors, failed) = (_latencies.Read(), Volatile.Read(ref _serverErrors), Volatile.Read(ref _failed));
        return new(Volatile.Read(ref _requests), errors, failed, Volatile.Read(ref _bytesIn), Volatile.Read(ref _bytesOut), latencies);
    }

    /// <summary>A process is given a request.</summary>
    public void Requested() => Interlocked.Increment(ref _requests);

    /// <summary>The head of its answer is there.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="took">The time since the request was given to it.</param>
    public void Answered(int status, TimeSpan took)
    {
        _latencies.Add(took);
        Interlocked.Add(ref _answerTicks, took.Ticks);
        if (status >= 500) Interlocked.Increment(ref _serverErrors);
    }

    /// <summary>By the process's doing there is no answer, or none that is whole.</summary>
    public void Failed() => Interlocked.Increment(ref _failed);

    public void Passed(long bytesIn, long bytesOut)
    {
        if (bytesIn > 0) Interlocked.Add(ref _bytesIn, bytesIn);
        if (bytesOut > 0) Interlocked.Add(ref _bytesOut, bytesOut);
    }

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);
}
