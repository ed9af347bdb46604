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
        for (var ended = known.Count(t => t.Users == 0); ended > EndedPerService; ended--) known.Remove(known.First(t => t.Users == 0));
    }

    private static ServiceTraffic? Find(List<ServiceTraffic> known, ReleaseId release, PromotionId promotion) =>
        known.Find(t => t.Release == release && t.Promotion == promotion);
}

/// <summary>Represents the counters of one release of a service, as rolled out by one promotion.</summary>
internal sealed class ServiceTraffic(ServiceKey service, ReleaseId release, PromotionId promotion, ReleaseTraffic traffic)
{
    public ServiceKey Service => service;

    public ReleaseId Release => release;

    public PromotionId Promotion => promotion;

    public ReleaseTraffic Traffic => traffic;

    /// <summary>Gets or sets the number of processes that use the counters, under the registry's lock.</summary>
    internal int Users { get; set; }
}

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
