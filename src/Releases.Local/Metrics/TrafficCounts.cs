namespace Releases.Local;

/// <summary>The figures of a <c>ReleaseTraffic</c>, up to one moment or between two.</summary>
/// <param name="Requests">Those that a process was given, upgraded connections included.</param>
/// <param name="ServerErrors">Those that it answered with 5xx.</param>
/// <param name="Failed">Those that it took no connection for, or broke off: without an answer, or within one.</param>
/// <param name="BytesIn">What clients sent over HTTP/1: heads and bodies.</param>
/// <param name="BytesOut">What clients were sent over HTTP/1.</param>
/// <param name="Latencies">From the request's head to its answer's, of those that were answered.</param>
internal sealed record TrafficCounts(long Requests, long ServerErrors, long Failed, long BytesIn, long BytesOut, LatencyCounts Latencies)
{
    public static TrafficCounts None { get; } = new(0, 0, 0, 0, 0, LatencyCounts.None);

    /// <summary>The share of requests that went wrong, by an answer or without one; null: there were no requests.</summary>
    public double? ErrorShare => Requests == 0 ? null : (double)(ServerErrors + Failed) / Requests;

    /// <summary>Whether nothing happened; bytes of an earlier request may still pass.</summary>
    public bool IsNothing => this is { Requests: 0, Failed: 0, BytesIn: 0, BytesOut: 0 };

    /// <summary>What came between an earlier reading and this one.</summary>
    public TrafficCounts Since(TrafficCounts earlier) => new(
        Requests - earlier.Requests, ServerErrors - earlier.ServerErrors, Failed - earlier.Failed, BytesIn - earlier.BytesIn,
        BytesOut - earlier.BytesOut, Latencies - earlier.Latencies);

    /// <summary>The traffic of both.</summary>
    public TrafficCounts With(TrafficCounts other) => new(
        Requests + other.Requests, ServerErrors + other.ServerErrors, Failed + other.Failed, BytesIn + other.BytesIn,
        BytesOut + other.BytesOut, Latencies + other.Latencies);
}
