namespace Releases.Local;

/// <summary>
/// Keeps the traffic counters of the releases that run, and of each service's last ones that no longer do. A release that is promoted again
/// starts at zero.
/// </summary>
internal sealed class TrafficRegistry(TimeProvider time)
{
    /// <summary>The number of releases without processes that a reader may still be reading.</summary>
    private const int EndedPerService = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<ServiceKey, List<ServiceTraffic>> _services = [];

    /// <summary>Gets all counters.</summary>
    public IReadOnlyList<ServiceTraffic> All
    {
        get { lock (_gate) return [.. _services.Values.SelectMany(s => s)]; }
    }

    /// <summary>
    /// Gets the sums of each release of a service over its promotions, which also contain those whose counters are no longer kept.
    /// </summary>
    public IReadOnlyList<TrafficTotal> Totals
    {
        get
        {
            lock (_gate)
                return [.. _services.Values.SelectMany(s => s).GroupBy(t => (t.Service, t.Release)).Select(g => new TrafficTotal(
                    g.Key.Service, g.Key.Release, g.Aggregate(TrafficCounts.None, (sum, t) => sum.With(t.Counts)),
                    g.Sum(t => t.Traffic.InFlight), g.Aggregate(TimeSpan.Zero, (sum, t) => sum + t.AnswerTime)))];
        }
    }

    /// <summary>
    /// Takes the counters of a release's requests to a service, which all its processes share. They are kept at least until each process
    /// has disposed its use of them, because the release that serves is compared with every later one.
    /// </summary>
    public TrafficUse Use(ServiceKey service, ReleaseId release, PromotionId promotion)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(service, out var known)) _services.Add(service, known = []);
            if (Find(known, release, promotion) is not { } traffic)
                known.Add(traffic = new(service, release, promotion, new(time)));
            traffic.Users++;
            Trim(known);
            return new(this, traffic);
        }
    }

    /// <summary>Returns the counters of a release's requests to a service, or null if it has had no process.</summary>
    public ReleaseTraffic? Find(ServiceKey service, ReleaseId release, PromotionId promotion)
    {
        lock (_gate) return _services.TryGetValue(service, out var known) ? Find(known, release, promotion)?.Traffic : null;
    }

    /// <summary>Removes the counters of an app that no longer exists.</summary>
    public void Forget(AppName app)
    {
        lock (_gate)
            foreach (var service in _services.Keys.Where(s => s.App == app).ToList()) _services.Remove(service);
    }

    internal void End(ServiceTraffic traffic)
    {
        lock (_gate)
        {
            if (--traffic.Users > 0 || !_services.TryGetValue(traffic.Service, out var known) || !known.Remove(traffic)) return;
            // The last one to end is the last one to be removed.
            known.Add(traffic);
            Trim(known);
        }
    }

    private static void Trim(List<ServiceTraffic> known)
    {
        for (var ended = known.Count(t => t.Users == 0); ended > EndedPerService; ended--)
        {
            var first = known.First(t => t.Users == 0);
            known.Remove(first);
            known.Find(t => t.Release == first.Release)?.Inherit(first);
        }
    }

    private static ServiceTraffic? Find(List<ServiceTraffic> known, ReleaseId release, PromotionId promotion) =>
        known.Find(t => t.Release == release && t.Promotion == promotion);
}

/// <summary>Represents the counters of one release of a service, as rolled out by one promotion.</summary>
internal sealed class ServiceTraffic(ServiceKey service, ReleaseId release, PromotionId promotion, ReleaseTraffic traffic)
{
    private TrafficCounts _inherited = TrafficCounts.None;
    private TimeSpan _inheritedTime;

    public ServiceKey Service => service;

    public ReleaseId Release => release;

    public PromotionId Promotion => promotion;

    public ReleaseTraffic Traffic => traffic;

    /// <summary>Gets or sets the number of processes that use the counters, under the registry's lock.</summary>
    internal int Users { get; set; }

    /// <summary>Gets the counts, including inherited ones.</summary>
    internal TrafficCounts Counts => _inherited.With(traffic.Read());

    /// <summary>Gets the total time of all responses, including inherited ones.</summary>
    internal TimeSpan AnswerTime => _inheritedTime + traffic.AnswerTime;

    /// <summary>Adds the counts of an earlier promotion of the release, which its sum would lose with their counters.</summary>
    internal void Inherit(ServiceTraffic earlier) =>
        (_inherited, _inheritedTime) = (_inherited.With(earlier.Counts), _inheritedTime + earlier.AnswerTime);
}

/// <summary>Represents the requests of a release of a service over its promotions.</summary>
/// <param name="Service">The service.</param>
/// <param name="Release">The release.</param>
/// <param name="Counts">The counts.</param>
/// <param name="InFlight">The number of requests in flight, without upgraded connections and event streams.</param>
/// <param name="AnswerTime">The total time of all responses.</param>
internal sealed record TrafficTotal(
    ServiceKey Service, ReleaseId Release, TrafficCounts Counts, int InFlight, TimeSpan AnswerTime);

/// <summary>Represents a process's use of its release's counters, until it is disposed.</summary>
internal sealed class TrafficUse(TrafficRegistry registry, ServiceTraffic used) : IDisposable
{
    private int _ended;

    public ReleaseTraffic Traffic => used.Traffic;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) registry.End(used);
    }
}
