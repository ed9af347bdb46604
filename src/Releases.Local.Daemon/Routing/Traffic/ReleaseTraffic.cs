namespace Releases.Local;

/// <summary>
/// Counts the requests of one release to one service, over all its processes, since the daemon started. Counts only grow, and counting is
/// lock-free; the traffic between two moments is the difference of two readings.
/// </summary>
internal sealed class ReleaseTraffic(TimeProvider time)
{
    private readonly LatencyHistogram _latencies = new();
    private readonly LatencyHistogram _givenUp = new();
    private readonly WaitingRequests _waiting = new(time);
    private long _requests;
    private long _serverErrors;
    private long _failed;
    private long _bytesIn;
    private long _bytesOut;
    private long _answerTicks;
    private int _inFlight;

    /// <summary>Gets the identity of these counters, which begin at zero after a restart of the daemon.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Gets the number of requests in flight, without upgraded connections and event streams.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets the total time of all responses.</summary>
    public TimeSpan AnswerTime => TimeSpan.FromTicks(Volatile.Read(ref _answerTicks));

    /// <summary>Reads the counts. Outcomes are read before requests, so that there are never more of them.</summary>
    public TrafficCounts Read()
    {
        var (latencies, errors, failed) = (_latencies.Read(), Volatile.Read(ref _serverErrors), Volatile.Read(ref _failed));
        return new(Volatile.Read(ref _requests), errors, failed, Volatile.Read(ref _bytesIn), Volatile.Read(ref _bytesOut), latencies);
    }

    /// <summary>Gets how long clients waited that left before their answer.</summary>
    public LatencyCounts GivenUp => _givenUp.Read();

    /// <summary>Gets the requests that wait for their answer, by how long they have.</summary>
    public IReadOnlyList<LatencyBucket> Waiting => _waiting.Read();

    /// <summary>Counts a request forwarded to a process.</summary>
    public void Requested() => Interlocked.Increment(ref _requests);

    /// <summary>Counts a request that from now on waits for the head of its answer. Returns the timestamp with which that ends.</summary>
    public long Wait()
    {
        var since = time.GetTimestamp();
        _waiting.Add(since);
        return since;
    }

    /// <summary>Ends a wait.</summary>
    /// <param name="since">When it began.</param>
    /// <param name="isGivenUp">Whether the client left before its answer.</param>
    public void EndWait(long since, bool isGivenUp)
    {
        _waiting.Remove(since);
        if (isGivenUp) _givenUp.Add(time.GetElapsedTime(since));
    }

    /// <summary>Counts a response, when its head has arrived.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="took">The time since the request was complete, or since its head if the response came before that.</param>
    public void Answered(int status, TimeSpan took)
    {
        _latencies.Add(took);
        Interlocked.Add(ref _answerTicks, took.Ticks);
        if (status >= 500) Interlocked.Increment(ref _serverErrors);
    }

    /// <summary>Counts a request that the process didn't answer.</summary>
    public void Failed() => Interlocked.Increment(ref _failed);

    /// <summary>Counts a request whose response, whose head has arrived, wasn't complete. A 5xx one is an error already.</summary>
    public void BrokenOff(int status)
    {
        if (status < 500) Failed();
    }

    public void Passed(long bytesIn, long bytesOut)
    {
        if (bytesIn > 0) Interlocked.Add(ref _bytesIn, bytesIn);
        if (bytesOut > 0) Interlocked.Add(ref _bytesOut, bytesOut);
    }

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);
}
