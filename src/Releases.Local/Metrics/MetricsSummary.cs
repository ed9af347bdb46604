namespace Releases.Local;

/// <summary>Makes figures of records: of each minute, and of all minutes together.</summary>
internal static class MetricsSummary
{
    /// <param name="records">In any order; several of one minute are parts of it.</param>
    /// <param name="from">The begin of the time that they are of.</param>
    /// <param name="to">Its end.</param>
    /// <param name="inFlight">How many requests a release of a service hasn't answered now.</param>
    /// <param name="processes">The processes that run now.</param>
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
