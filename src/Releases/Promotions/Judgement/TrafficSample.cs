namespace Releases;

/// <summary>What was counted of one service so far: of its new processes and of its old ones. Counts only grow.</summary>
/// <param name="New">Of the new processes.</param>
/// <param name="Old">Of the old ones.</param>
public sealed record TrafficSample(RequestCounts New, RequestCounts Old)
{
    /// <summary>Nothing was counted.</summary>
    public static TrafficSample None { get; } = new(RequestCounts.None, RequestCounts.None);
}

/// <summary>What processes were asked and how they answered.</summary>
/// <param name="Requests">How many requests they had.</param>
/// <param name="Errors">How many of those got a 5xx answer or none.</param>
/// <param name="Latency">How long the answers took, by their upper bounds, smallest first.</param>
public sealed record RequestCounts(long Requests, long Errors, IReadOnlyList<LatencyBucket> Latency)
{
    /// <summary>Nothing.</summary>
    public static RequestCounts None { get; } = new(0, 0, []);

    /// <summary>What came after an earlier count; a count that began again since then stands alone.</summary>
    public RequestCounts Since(RequestCounts earlier)
    {
        if (earlier.Requests > Requests || earlier.Errors > Errors) return this;
        var before = earlier.Latency.ToDictionary(b => b.UpTo, b => b.Count);
        return new(
            Requests - earlier.Requests, Errors - earlier.Errors,
            [.. Latency.Select(b => b with { Count = Math.Max(0, b.Count - before.GetValueOrDefault(b.UpTo)) })]);
    }

    /// <summary>Both together.</summary>
    public RequestCounts With(RequestCounts other) =>
        new(
            Requests + other.Requests, Errors + other.Errors,
            [.. Latency.Concat(other.Latency).GroupBy(b => b.UpTo).OrderBy(g => g.Key)
                .Select(g => new LatencyBucket(g.Key, g.Sum(b => b.Count)))]);

    /// <summary>The time within which 95 of 100 answers came; null: there was none.</summary>
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

/// <summary>How many answers took up to this long, and longer than the bucket before.</summary>
/// <param name="UpTo">The upper bound.</param>
/// <param name="Count">How many.</param>
public readonly record struct LatencyBucket(TimeSpan UpTo, long Count);
