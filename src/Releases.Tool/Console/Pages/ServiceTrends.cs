using System.Globalization;

namespace Releases.Tool;

/// <summary>Represents the traffic and resource usage of an app's services in the last hour, with its promotions.</summary>
/// <param name="Services">The services.</param>
/// <param name="Marks">The promotions, newest first.</param>
internal sealed record ServiceTrends(IReadOnlyList<ServiceTrend> Services, IReadOnlyList<TrendMark> Marks)
{
    private const int Minutes = 60, MaxMarks = 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Reads the trends, or returns null if the rack has no metrics, or none of this app.</summary>
    public static async Task<ServiceTrends?> Read(PageRequest request, AppName app, IReadOnlyList<RunningService> running)
    {
        if (request.Rack.Metrics is not { } metrics) return null;
        var read = await metrics.Read(app, Minutes * Minute, request.Cancel);
        // The current minute is incomplete and would look like a drop.
        var end = new DateTimeOffset(read.To.UtcTicks - read.To.UtcTicks % Minute.Ticks, TimeSpan.Zero);
        var begin = end - Minutes * Minute;
        IReadOnlyList<ServiceTrend> services = [.. read.Services.GroupBy(s => s.Service)
            .Select(s => ServiceTrend.From(s.Key, [.. s], s.Any(m => HasTraffic(m, running)), begin, Minutes)).Where(s => s.HasValues)];
        return services.Count == 0 ? null : new(services, await MarksOf(request, app, begin, end));
    }

    /// <summary>Determines whether requests reach the service or did; one without a port has nothing to count.</summary>
    private static bool HasTraffic(ServiceMetrics service, IReadOnlyList<RunningService> running) =>
        service is not { Traffic: { Requests: 0, Failed: 0 }, InFlight: 0 }
        || running.Any(s => s.Service == service.Service && (s.Url ?? s.DirectUrl) is not null);

    private static async Task<IReadOnlyList<TrendMark>> MarksOf(PageRequest request, AppName app, DateTimeOffset begin, DateTimeOffset end)
    {
        IReadOnlyList<Promotion> promotions = [.. (await request.Store.ListPromotions(app, MaxMarks, cancel: request.Cancel))
            .Where(p => p.StartedAt >= begin)];
        await request.Console.Releases.Prepare(app, promotions.Select(p => p.Release), request.Cancel);
        var marks = new List<TrendMark>();
        foreach (var promotion in promotions)
        {
            var release = await request.Console.Releases.Find(app, promotion.Release, request.Cancel) is { } name
                ? $"v{name.Number}"
                : promotion.Release.ToString();
            marks.Add(new(
                Math.Min((promotion.StartedAt - begin) / (end - begin), 1),
                $"{release} {StatusText.Of(promotion)}, started {RelativeTime.InSentence(promotion.StartedAt, request.Now)}",
                StatusText.StyleOf(promotion.Status), promotion.Id));
        }

        return marks;
    }
}

/// <summary>Represents the traffic and resource usage of one service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Lines">A line for each metric.</param>
internal sealed record ServiceTrend(ServiceName Service, IReadOnlyList<Sparkline> Lines)
{
    public bool HasValues => Lines.Any(l => l.HasValues);

    /// <summary>Combines all releases of the service. The p95 latency is that of the slowest release. Without traffic, only CPU and
    /// memory have values.</summary>
    public static ServiceTrend From(
        ServiceName service, IReadOnlyList<ServiceMetrics> releases, bool hasTraffic, DateTimeOffset begin, int minutes)
    {
        var measured = releases.SelectMany(r => r.Minutes).ToLookup(m => (int)Math.Floor((m.At - begin).TotalMinutes));
        IReadOnlyList<double?> Each(Func<IReadOnlyList<MinuteMetrics>, double?> value) =>
            [.. Enumerable.Range(0, minutes).Select(m => measured[m].ToList() is { Count: > 0 } of ? value(of) : null)];
        return new(service,
        [
            new("Requests", Each(m => hasTraffic ? m.Sum(r => r.Traffic.Requests) : null), PerMinute),
            new("Errors", Each(m => hasTraffic ? m.Sum(r => r.Traffic.ServerErrors + r.Traffic.Failed) : null), PerMinute),
            new("p95", Each(m => m.Max(r => r.Traffic.P95)?.TotalMilliseconds), v => UnitFormat.Latency(TimeSpan.FromMilliseconds(v))),
            new("CPU", Each(m => m.Sum(r => r.Cpu.TotalMinutes) * 100), v => string.Create(CultureInfo.InvariantCulture, $"{v:0} %")),
            new("Memory", Each(m => m.Sum(r => r.MemoryBytes)), v => UnitFormat.Memory((long)v)),
        ]);
    }

    private static string PerMinute(double count) => string.Create(CultureInfo.InvariantCulture, $"{count:0}/min");
}
