namespace Releases;

/// <summary>Represents the request counts of a service at a moment.</summary>
/// <param name="Service">The service.</param>
/// <param name="New">The counts of its new processes.</param>
/// <param name="Old">The counts of its old processes.</param>
public sealed record CountedService(ServiceName Service, CountedRequests New, CountedRequests Old) : Extensible
{
    internal static CountedService From(ServiceName service, TrafficSample sample) =>
        new(service, CountedRequests.From(sample.New), CountedRequests.From(sample.Old));

    internal TrafficSample ToSample() => new(New.ToCounts(), Old.ToCounts());
}

/// <summary>Represents request counts as they are stored.</summary>
/// <param name="Requests">The number of requests.</param>
/// <param name="Errors">The number of requests that got a 5xx response or none.</param>
public sealed record CountedRequests(long Requests, long Errors) : Extensible
{
    /// <summary>The counter that the counts were read from; null in records of earlier versions.</summary>
    public string? Counter { get; init; }

    /// <summary>The number of errors without a complete response.</summary>
    public long Failed { get; init; }

    /// <summary>The number of responses by latency: the key is the bucket's upper bound in microseconds.</summary>
    public IReadOnlyDictionary<long, long> Latency { get => field ?? NoLatency; init; }

    /// <summary>The number of requests whose client left before the answer, by how long it had waited.</summary>
    public IReadOnlyDictionary<long, long> GivenUp { get => field ?? NoLatency; init; }

    private static readonly IReadOnlyDictionary<long, long> NoLatency = new Dictionary<long, long>();

    internal static CountedRequests From(RequestCounts counts) => new(counts.Requests, counts.Errors)
    {
        Counter = counts.Counter,
        Failed = counts.Failed,
        Latency = Stored(counts.Latency),
        GivenUp = Stored(counts.GivenUp),
    };

    internal RequestCounts ToCounts() =>
        new(Requests, Errors, Buckets(Latency)) { Counter = Counter, Failed = Failed, GivenUp = Buckets(GivenUp) };

    private static Dictionary<long, long> Stored(IReadOnlyList<LatencyBucket> buckets) =>
        buckets.ToDictionary(b => (long)b.UpTo.TotalMicroseconds, b => b.Count);

    private static IReadOnlyList<LatencyBucket> Buckets(IReadOnlyDictionary<long, long> stored) =>
        [.. stored.OrderBy(b => b.Key).Select(b => new LatencyBucket(TimeSpan.FromMicroseconds(b.Key), b.Value))];
}
