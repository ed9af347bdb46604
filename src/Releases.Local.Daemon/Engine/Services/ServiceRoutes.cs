using System.Collections.Immutable;

namespace Releases.Local;

/// <summary>Manages the routes of all services, and publishes a new table to the router whenever one changes.</summary>
internal sealed class ServiceRoutes(Router router, PortRegistry ports, RackPorts opened)
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<(AppName, ServiceName), ServiceRoute> _routes =
        ImmutableDictionary<(AppName, ServiceName), ServiceRoute>.Empty;

    /// <summary>
    /// Assigns a service its permanent port, and makes the router respond to its requests while none of its processes is ready. Returns why
    /// the port can't be opened, or null; the name works in any case.
    /// </summary>
    public Problem? Open(ServiceKey key, Service service)
    {
        if (service.Port is null) return null;
        lock (_gate)
            if (!_routes.ContainsKey((key.App, key.Service))) Publish(key, new([]), service.Sticky);
        return opened.Open(ports.PortFor(key));
    }

    /// <summary>Returns why a service's own port isn't open now, or null if it is.</summary>
    public Problem? ProblemOf(ServiceKey key) => ports.Find(key) is { } port ? opened.ProblemAt(port) : null;

    /// <summary>Returns the router's counts for a service's new and old processes.</summary>
    public TrafficSample Sample(Revision fresh, Revision? old) => new(Counts(fresh), old is null ? RequestCounts.None : Counts(old));

    /// <summary>
    /// Removes what is left of a deleted app, which would otherwise add up: its counts, its routes, and its permanent ports.
    /// </summary>
    public void Forget(AppName app)
    {
        router.Traffic.Forget(app);
        lock (_gate)
        {
            var left = _routes.RemoveRange(_routes.Keys.Where(k => k.Item1 == app));
            if (left != _routes) router.Publish(new(ports.Router, _routes = left));
        }

        foreach (var port in ports.Of(app)) opened.Close(port);
        ports.Forget(app);
    }

    private RequestCounts Counts(Revision revision)
    {
        var key = new ServiceKey(revision.App, revision.Service.Name);
        if (router.Traffic.Find(key, revision.Release, revision.Promotion) is not { } traffic) return RequestCounts.None;
        var counted = traffic.Read();
        return new(counted.Requests, counted.ServerErrors + counted.Failed, Buckets(counted.Latencies))
        {
            Counter = traffic.Id,
            Failed = counted.Failed,
            GivenUp = Buckets(traffic.GivenUp),
            Waiting = traffic.Waiting,
        };

        static IReadOnlyList<LatencyBucket> Buckets(LatencyCounts counts) =>
            [.. counts.Counts.Select((count, i) => new LatencyBucket(LatencyHistogram.Bound(i), count)).Where(b => b.Count > 0)];
    }

    /// <summary>Routes a service's requests to these instances and no others.</summary>
    /// <param name="key">The service.</param>
    /// <param name="instances">The instances.</param>
    /// <param name="promotion">The promotion whose release runs beside the one that serves, or null if there is none.</param>
    public void Route(ServiceKey key, IReadOnlyList<RoutedInstances> instances, PromotionId? promotion = null)
    {
        var targets = new WeightedTargets(
            [.. instances.Select(i => new TargetGroup(i.Weight, [.. i.Instances.Select(s => s.Target).OfType<RouteTarget>()]))]);
        lock (_gate)
        {
            if (_routes.TryGetValue((key.App, key.Service), out var now) && now.Promotion == promotion
                && now.Weighted.Equals(targets)) return;
            if (now is null && targets.All.Count == 0) return;
            var last = instances.Where(i => i.Weight > 0).SelectMany(i => i.Instances).LastOrDefault();
            Publish(key, targets, last?.Revision.Service.Sticky ?? now?.IsSticky ?? false, promotion);
        }
    }

    private void Publish(ServiceKey key, WeightedTargets targets, bool sticky, PromotionId? promotion = null)
    {
        _routes = _routes.SetItem((key.App, key.Service), new(ports.PortFor(key), targets, sticky, promotion));
        router.Publish(new(ports.Router, _routes));
    }
}

/// <summary>Represents instances that together get a share of a service's traffic.</summary>
/// <param name="Weight">Their share, relative to those of the others.</param>
/// <param name="Instances">The instances.</param>
internal sealed record RoutedInstances(int Weight, IReadOnlyList<ServiceInstance> Instances);
