namespace Releases.Local;

/// <summary>Keeps the traffic counters of each service's newest releases. A release that is promoted again starts at zero.</summary>
internal sealed class TrafficRegistry(TimeProvider time)
{
    /// <summary>The number of releases that may get requests at once, plus those that a reader may still be reading.</summary>
    private const int KeptPerService = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<ServiceKey, List<ServiceTraffic>> _services = [];

    /// <summary>Gets all counters, each service's oldest first.</summary>
    public IReadOnlyList<ServiceTraffic> All
    {
        get { lock (_gate) return [.. _services.Values.SelectMany(s => s)]; }
    }

    /// <summary>Returns the counters of a release's requests to a service, which all its processes share.</summary>
    public ReleaseTraffic Of(ServiceKey service, ReleaseId release, PromotionId promotion)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(service, out var known)) _services.Add(service, known = []);
            if (known.Find(t => t.Release == release && t.Promotion == promotion) is { } there) return there.Traffic;
            if (known.Count == KeptPerService) known.RemoveAt(0);
            known.Add(new(service, release, promotion, new(time)));
            return known[^1].Traffic;
        }
    }

    /// <summary>Removes the counters of a service that no longer exists.</summary>
    public void Forget(ServiceKey service)
    {
        lock (_gate) _services.Remove(service);
    }
}

/// <summary>Represents the counters of one release of a service, as rolled out by one promotion.</summary>
internal sealed record ServiceTraffic(ServiceKey Service, ReleaseId Release, PromotionId Promotion, ReleaseTraffic Traffic);
