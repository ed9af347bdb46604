namespace Releases;

/// <summary>What had been counted of a service at a moment.</summary>
/// <param name="Service">The service.</param>
/// <param name="New">Of its new processes.</param>
/// <param name="Old">Of its old ones.</param>
public sealed record CountedService(ServiceName Service, CountedRequests New, CountedRequests Old) : Extensible
{
    internal static CountedService From(ServiceName service, TrafficSample sample) =>
        new(service, CountedRequests.From(sample.New), CountedRequests.From(sample.Old));

    internal TrafficSample ToSample() => new(New.ToCounts(), Old.ToCounts());
}

/// <summary>Requests as they are stored.</summary>
/// <param name="Requests">How many.</param>
/// <param name="Errors">How many of them got a 5xx answer or none.</param>
public sealed record CountedRequests(long Requests, long Errors) : Extensible
{
    /// <summary>How many answers took up to so many microseconds, and longer than those before.</summary>
    public IReadOnlyDictionary<long, long> Latency { get => field ?? NoLatency; init; }

    private static readonly IReadOnlyDictionary<long, long> NoLatency = new Dictionary<long, long>();

    internal static CountedRequests From(RequestCounts counts) => new(counts.Requests, counts.Errors)
    {
        Latency = counts.Latency.ToDictionary(b => (long)b.UpTo.TotalMicroseconds, b => b.Count),
    };

    internal RequestCounts ToCounts() => new(
        Requests, Errors, [.. Latency.OrderBy(b => b.Key).Select(b => new LatencyBucket(TimeSpan.FromMicroseconds(b.Key), b.Value))]);
}
