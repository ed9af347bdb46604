namespace Releases.Local;

/// <summary>The traffic of each service's newest releases. A release that is promoted again starts at zero.</summary>
internal sealed class TrafficRegistry
{
    /// <summary>As many as may have requests at once, and those that a reader may still be reading.</summary>
    private const int KeptPerService = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<ServiceKey, List<ServiceTraffic>> _services = [];

    /// <summary>Everything that is counted, each service's oldest first.</summary>
    public IReadOnlyList<ServiceTraffic> All
    {
        get { lock (_gate) return [.. _services.Values.SelectMany(s => s)]; }
    }

    /// <summary>The counters for a release's requests to a service, which all its processes share.</summary>
    public ReleaseTraffic Of(ServiceKey service, ReleaseId release, PromotionId promotion)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(service, out var known)) _services.Add(service, known = []);
            if (known.Find(t => t.Release == release && t.Promotion == promotion) is { } there) return there.Traffic;
            if (known.Count == KeptPerService) known.RemoveAt(0);
            known.Add(new(service, release, promotion, new()));
            return known[^1].Traffic;
        }
    }

    /// <summary>Nothing of a service that is gone.</summary>
    public void Forget(ServiceKey service)
    {
        lock (_gate) _services.Remove(service);
    }
}

/// <summary>The counters of one release of a service, as one promotion brought it.</summary>
internal sealed record ServiceTraffic(ServiceKey Service, ReleaseId Release, PromotionId Promotion, ReleaseTraffic Traffic);
