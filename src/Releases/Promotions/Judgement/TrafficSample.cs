namespace Releases;

/// <summary>Represents the request counts of one service so far, of its new and its old processes. Counts only grow.</summary>
/// <param name="New">The counts of the new processes.</param>
/// <param name="Old">The counts of the old processes.</param>
public sealed record TrafficSample(RequestCounts New, RequestCounts Old)
{
    /// <summary>A sample without requests.</summary>
    public static TrafficSample None { get; } = new(RequestCounts.None, RequestCounts.None);
}

/// <summary>Represents how many requests processes received and how they responded.</summary>
/// <param name="Requests">The number of requests.</param>
/// <param name="Errors">The number of requests that got a 5xx response or none.</param>
/// <param name="Latency">The latencies of the responses, in buckets by upper bound, smallest first.</param>
public sealed record RequestCounts(long Requests, long Errors, IReadOnlyList<LatencyBucket> Latency)
{
    /// <summary>Counts without requests.</summary>
    public static RequestCounts None { get; } = new(0, 0, []);

    /// <summary>Returns the requests since an earlier count. If the counters restarted since then, returns this count.</summary>
    public RequestCounts Since(RequestCounts earlier)
    {
        if (earlier.Requests > Requests || earlier.Errors > Errors) return this;
        var before = earlier.Latency.ToDictionary(b => b.UpTo, b => b.Count);
        return new(
            Requests - earlier.Requests, Errors - earlier.Errors,
            [.. Latency.Select(b => b with { Count = Math.Max(0, b.Count - before.GetValueOrDefault(b.UpTo)) })]);
    }

    /// <summary>Returns the sum of both counts.</summary>
    public RequestCounts With(RequestCounts other) =>
        new(
            Requests + other.Requests, Errors + other.Errors,
            [.. Latency.Concat(other.Latency).GroupBy(b => b.UpTo).OrderBy(g => g.Key)
                .Select(g => new LatencyBucket(g.Key, g.Sum(b => b.Count)))]);

    /// <summary>The time within which 95 % of the responses arrived, or null if there were none.</summary>
    public TimeSpan? P95
    {
        get
        {
            var rank = (long)Math.Ceiling(Latency.Sum(b => b.Count) * 0.95);
            if (rank == 0) return null;
            foreach (var bucket in Latency)
                if ((rank -= bucket.Count) <= 0) return bucket.UpTo;
            return null;
        }
    }
}

/// <summary>Represents the number of responses within this bound and above the bound of the previous bucket.</summary>
/// <param name="UpTo">The upper bound.</param>
/// <param name="Count">The number of responses.</param>
public readonly record struct LatencyBucket(TimeSpan UpTo, long Count);
