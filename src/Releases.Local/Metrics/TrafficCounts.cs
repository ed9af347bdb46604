namespace Releases.Local;

/// <summary>Represents the counts of a <c>ReleaseTraffic</c>, up to one time or between two.</summary>
/// <param name="Requests">The requests forwarded to a process, including upgraded connections.</param>
/// <param name="ServerErrors">The requests that it answered with 5xx.</param>
/// <param name="Failed">The requests for which it accepted no connection, or which it broke off before or during the response.</param>
/// <param name="BytesIn">The bytes that clients sent over HTTP/1: heads and bodies.</param>
/// <param name="BytesOut">The bytes that clients received over HTTP/1.</param>
/// <param name="Latencies">
/// The times from the request's end, or from its head if the response came before that, to the response's head.
/// </param>
internal sealed record TrafficCounts(long Requests, long ServerErrors, long Failed, long BytesIn, long BytesOut, LatencyCounts Latencies)
{
    public static TrafficCounts None { get; } = new(0, 0, 0, 0, 0, LatencyCounts.None);

    /// <summary>Gets whether there was no traffic at all, including bytes of earlier requests.</summary>
    public bool IsNothing => this is { Requests: 0, Failed: 0, BytesIn: 0, BytesOut: 0 };

    /// <summary>Returns the difference between an earlier reading and this one.</summary>
    public TrafficCounts Since(TrafficCounts earlier) => new(
        Requests - earlier.Requests, ServerErrors - earlier.ServerErrors, Failed - earlier.Failed, BytesIn - earlier.BytesIn,
        BytesOut - earlier.BytesOut, Latencies - earlier.Latencies);

    /// <summary>Returns the sum of both.</summary>
    public TrafficCounts With(TrafficCounts other) => new(
        Requests + other.Requests, ServerErrors + other.ServerErrors, Failed + other.Failed, BytesIn + other.BytesIn,
        BytesOut + other.BytesOut, Latencies + other.Latencies);
}
