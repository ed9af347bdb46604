namespace Releases;

/// <summary>Represents the request counts of one service so far, of its new and its old processes.</summary>
/// <param name="New">The counts of the new processes.</param>
/// <param name="Old">The counts of the old processes.</param>
public sealed record TrafficSample(RequestCounts New, RequestCounts Old)
{
    /// <summary>A sample without requests.</summary>
    public static TrafficSample None { get; } = new(RequestCounts.None, RequestCounts.None);
}

/// <summary>Represents how many requests processes received and how they responded. All counts but those that wait only grow.</summary>
/// <param name="Requests">The number of requests.</param>
/// <param name="Errors">The number of requests that got a 5xx response or none.</param>
/// <param name="Latency">The latencies of the responses, in buckets by upper bound, smallest first.</param>
public sealed record RequestCounts(long Requests, long Errors, IReadOnlyList<LatencyBucket> Latency)
{
    /// <summary>Counts without requests.</summary>
    public static RequestCounts None { get; } = new(0, 0, []);

    /// <summary>
    /// The counter that these counts were read from, which a restart replaces by another one; null if that isn't known, as in records of
    /// earlier versions.
    /// </summary>
    public string? Counter { get; init; }

    /// <summary>The number of errors without a complete response, such as a failed connection or a stream that was broken off.</summary>
    public long Failed { get; init; }

    /// <summary>The requests whose client left before the answer, by how long it had waited.</summary>
    public IReadOnlyList<LatencyBucket> GivenUp { get; init; } = [];

    /// <summary>The requests that wait for their answer at this moment, by how long they have waited at least.</summary>
    public IReadOnlyList<LatencyBucket> Waiting { get; init; } = [];

    /// <summary>The time in which these counts were made, or <see cref="TimeSpan.MaxValue"/> if it doesn't matter.</summary>
    public TimeSpan Elapsed { get; init; } = TimeSpan.MaxValue;

    /// <summary>
    /// Determines whether an earlier count is of the same counter. If that isn't known, it is as long as these counts aren't lower.
    /// </summary>
    public bool Continues(RequestCounts earlier) => Counter is not null && earlier.Counter is not null
        ? Counter == earlier.Counter
        : Requests >= earlier.Requests && Errors >= earlier.Errors && Failed >= earlier.Failed;

    /// <summary>Returns the requests since an earlier count. If the counters restarted since then, returns this count.</summary>
    public RequestCounts Since(RequestCounts earlier)
    {
        if (!Continues(earlier)) return this;
        return this with
        {
            Requests = Requests - earlier.Requests,
            Errors = Errors - earlier.Errors,
            Failed = Failed - earlier.Failed,
            Latency = Since(Latency, earlier.Latency),
            GivenUp = Since(GivenUp, earlier.GivenUp),
        };
    }

    /// <summary>Returns the sum of both counts, as if this counter had counted on.</summary>
    public RequestCounts With(RequestCounts other) => new(
        Requests + other.Requests, Errors + other.Errors, Sum(Latency, other.Latency))
    {
        Counter = Counter,
        Failed = Failed + other.Failed,
        GivenUp = Sum(GivenUp, other.GivenUp),
        Waiting = Sum(Waiting, other.Waiting),
    };

    /// <summary>
    /// Returns the number of requests whose wait for an answer exceeded this limit in the time of these counts. Those that exceeded it
    /// before belong to the requests counted before.
    /// </summary>
    public long UnansweredFor(TimeSpan limit) =>
        GivenUp.Concat(Waiting).Where(b => b.UpTo > limit && b.UpTo - limit <= Elapsed).Sum(b => b.Count);

    /// <summary>Returns the time within which this share of the responses arrived, such as 0.95, or null if there were none.</summary>
    public TimeSpan? Percentile(double share)
    {
        var rank = (long)Math.Ceiling(Latency.Sum(b => b.Count) * share);
        if (rank == 0) return null;
        foreach (var bucket in Latency)
            if ((rank -= bucket.Count) <= 0) return bucket.UpTo;
        return null;
    }

    private static IReadOnlyList<LatencyBucket> Since(IReadOnlyList<LatencyBucket> now, IReadOnlyList<LatencyBucket> earlier)
    {
        var before = earlier.ToDictionary(b => b.UpTo, b => b.Count);
        return [.. now.Select(b => b with { Count = Math.Max(0, b.Count - before.GetValueOrDefault(b.UpTo)) })];
    }

    private static IReadOnlyList<LatencyBucket> Sum(IReadOnlyList<LatencyBucket> one, IReadOnlyList<LatencyBucket> other) =>
        [.. one.Concat(other).GroupBy(b => b.UpTo).OrderBy(g => g.Key).Select(g => new LatencyBucket(g.Key, g.Sum(b => b.Count)))];
}

/// <summary>Represents the number of responses within this bound and above the bound of the previous bucket.</summary>
/// <param name="UpTo">The upper bound.</param>
/// <param name="Count">The number of responses.</param>
public readonly record struct LatencyBucket(TimeSpan UpTo, long Count);
