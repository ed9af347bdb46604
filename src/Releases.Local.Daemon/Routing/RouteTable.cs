using System.Collections.Frozen;

namespace Releases.Local;

/// <summary>Where every request goes at one moment. Never changes: another one takes its place.</summary>
internal sealed class RouteTable
{
    private static readonly ServiceName Web = ServiceName.Parse("web");

    private readonly List<Route> _all;
    private readonly FrozenDictionary<string, Route> _byHost;
    private readonly FrozenDictionary<int, Route> _byPort;

    /// <summary>Says that requests at the router's port go by name, and those at a service's own port to that service.</summary>
    public RouteTable(int routerPort, IReadOnlyDictionary<(AppName App, ServiceName Service), ServiceRoute> services)
    {
        RouterPort = routerPort;
        _all = services.Select(s => new Route(s.Key.App, s.Key.Service, s.Value)).ToList();
        _byHost = _all.SelectMany(Hosts).ToFrozenDictionary(h => h.Host, h => h.Route, StringComparer.OrdinalIgnoreCase);
        _byPort = _all.Where(r => r.Service.DirectPort is not null).ToFrozenDictionary(r => r.Service.DirectPort!.Value);
    }

    /// <summary>Without any service.</summary>
    public static RouteTable Empty(int routerPort) => new(routerPort, new Dictionary<(AppName, ServiceName), ServiceRoute>());

    public int RouterPort { get; }

    /// <summary>Every process that takes requests, if only those that ask for its release.</summary>
    internal IEnumerable<RouteTarget> Targets => _all.SelectMany(r => r.Service.Weighted.All);

    /// <summary>The service that a request is for; null if there is none.</summary>
    /// <param name="localPort">The port that the request came in at.</param>
    /// <param name="host">What its Host header names, without a port.</param>
    internal Route? Find(int localPort, string host) =>
        localPort == RouterPort ? _byHost.GetValueOrDefault(host.TrimEnd('.')) : _byPort.GetValueOrDefault(localPort);

    private static IEnumerable<(string Host, Route Route)> Hosts(Route route)
    {
        yield return ($"{route.Name}.{route.App}.localhost", route);
        if (route.Name == Web) yield return ($"{route.App}.localhost", route);
    }
}

/// <summary>A service of an app in the table.</summary>
internal sealed record Route(AppName App, ServiceName Name, ServiceRoute Service);
