namespace Releases.Local;

/// <summary>Summarizes records into metrics for each minute and for the whole period.</summary>
internal static class MetricsSummary
{
    /// <param name="records">The records, in any order. Several of the same minute are parts of it.</param>
    /// <param name="from">The start of the period.</param>
    /// <param name="to">The end of the period.</param>
    /// <param name="inFlight">Returns the number of requests in flight to a release of a service.</param>
    /// <param name="processes">The metrics of the running processes.</param>
    public static AppMetrics Of(
        IEnumerable<MinuteRecord> records, DateTimeOffset from, DateTimeOffset to, Func<ServiceKey, ReleaseId, int>? inFlight = null,
        IReadOnlyList<ProcessMetrics>? processes = null) => new(
        from, to,
        [
            .. records.GroupBy(r => (r.Service, r.Release)).Select(g => Service(g, inFlight?.Invoke(g.Key.Service, g.Key.Release) ?? 0))
                .OrderBy(s => s.Service).ThenBy(s => s.Minutes[0].At),
        ],
        processes ?? []);

    private static ServiceMetrics Service(IGrouping<(ServiceKey Service, ReleaseId Release), MinuteRecord> records, int inFlight)
    {
        var minutes = records.GroupBy(r => r.Minute).OrderBy(m => m.Key).Select(m => m.Aggregate((a, b) => a.With(b))).ToList();
        var all = minutes.Aggregate(TrafficCounts.None, (sum, m) => sum.With(m.Traffic));
        return new(
            records.Key.Service.Service, records.Key.Release, Traffic(all), inFlight,
            [.. minutes.Select(m => new MinuteMetrics(m.Minute, Traffic(m.Traffic), m.Processes, m.Cpu, m.MemoryBytes))]);
    }

    private static TrafficMetrics Traffic(TrafficCounts counts) => new(
        counts.Requests, counts.ServerErrors, counts.Failed, counts.BytesIn, counts.BytesOut, counts.Latencies.Percentile(0.5),
        counts.Latencies.Percentile(0.95), counts.Latencies.Percentile(0.99));
}
