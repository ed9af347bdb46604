using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Releases.Local;

/// <summary>Makes instances and tells the router of them.</summary>
internal sealed class InstanceFactory(InstanceParts parts)
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<(AppName, ServiceName), ServiceRoute> _routes = ImmutableDictionary<(AppName, ServiceName), ServiceRoute>.Empty;

    /// <param name="revision">What it runs.</param>
    /// <param name="runner">Who keeps it.</param>
    /// <param name="restarts">How often what it takes the place of was restarted.</param>
    public ServiceInstance Create(Revision revision, ServiceRunner runner, int restarts) =>
        new($"{revision.Service.Name}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}", revision, runner, parts, restarts);

    /// <summary>Runs a service's <c>release</c> command until it ends.</summary>
    public Task<CommandEnd> RunOnce(Rollout rollout, ServiceSpec service, CancellationToken cancel) => new ReleaseProcess(rollout, service, parts).Run(cancel);

    /// <summary>
    /// Gives a service its own port for good, and its requests an answer while none of its processes is ready. What keeps the
    /// port from being opened is reported, and its name still works.
    /// </summary>
    public Problem? Open(ServiceKey key, Service service)
    {
        if (service.Port is null) return null;
        lock (_gate)
            if (!_routes.ContainsKey((key.App, key.Service))) Publish(key, new([]), service.Sticky);
        return parts.RackPorts.Open(parts.Ports.PortFor(key));
    }

    /// <summary>What keeps a service's own port from being open at this moment.</summary>
    public Problem? ProblemOf(ServiceKey key) => parts.Ports.Find(key) is { } port ? parts.RackPorts.ProblemAt(port) : null;

    /// <summary>From now on these and no others get the service's requests.</summary>
    public void Route(ServiceKey key, IReadOnlyList<RoutedInstances> instances)
    {
        var targets = new WeightedTargets([.. instances.Select(i => new TargetGroup(i.Weight, [.. i.Instances.Select(s => s.Target).OfType<RouteTarget>()]))]);
        lock (_gate)
        {
            if (_routes.TryGetValue((key.App, key.Service), out var now) && now.Weighted.Equals(targets)) return;
            if (now is null && targets.All.Count == 0) return;
            var last = instances.SelectMany(i => i.Instances).LastOrDefault();
            Publish(key, targets, last?.Revision.Service.Sticky ?? now!.IsSticky);
        }
    }

    /// <summary>Writes what the rack has to say of a service into the service's log.</summary>
    public void Tell(ServiceKey key, ReleaseId release, string text) => parts.Logs.For(key).Write(parts.Time, "convox", release, text);

    private void Publish(ServiceKey key, WeightedTargets targets, bool sticky)
    {
        _routes = _routes.SetItem((key.App, key.Service), new(parts.Ports.PortFor(key), targets, sticky));
        parts.Router.Publish(new(parts.Ports.Router, _routes));
    }
}
