using System.Collections.Frozen;

namespace Releases.Local;

/// <summary>Represents the routes of all services at one moment. It is immutable, and replaced as a whole.</summary>
internal sealed class RouteTable
{
    private static readonly ServiceName Web = ServiceName.Parse("web");

    private readonly List<Route> _all;
    private readonly FrozenDictionary<string, Route> _byHost;
    private readonly FrozenDictionary<int, Route> _byPort;

    /// <summary>
    /// Creates a table in which requests on the router's port are routed by host name, and those on a service's own port to that service.
    /// </summary>
    public RouteTable(int routerPort, IReadOnlyDictionary<(AppName App, ServiceName Service), ServiceRoute> services)
    {
        RouterPort = routerPort;
        _all = services.Select(s => new Route(s.Key.App, s.Key.Service, s.Value)).ToList();
        _byHost = _all.SelectMany(Hosts).ToFrozenDictionary(h => h.Host, h => h.Route, StringComparer.OrdinalIgnoreCase);
        _byPort = _all.Where(r => r.Service.DirectPort is not null).ToFrozenDictionary(r => r.Service.DirectPort!.Value);
    }

    /// <summary>Returns a table without services.</summary>
    public static RouteTable Empty(int routerPort) => new(routerPort, new Dictionary<(AppName, ServiceName), ServiceRoute>());

    public int RouterPort { get; }

    /// <summary>Gets all processes that take requests, including those that only get requests for their release.</summary>
    internal IEnumerable<RouteTarget> Targets => _all.SelectMany(r => r.Service.Weighted.All);

    /// <summary>Returns the route of a request, or null if there is none.</summary>
    /// <param name="localPort">The port on which the request arrived.</param>
    /// <param name="host">The host in its Host header, without a port.</param>
    internal Route? Find(int localPort, string host) =>
        localPort == RouterPort ? _byHost.GetValueOrDefault(host.TrimEnd('.')) : _byPort.GetValueOrDefault(localPort);

    private static IEnumerable<(string Host, Route Route)> Hosts(Route route)
    {
        yield return ($"{route.Name}.{route.App}.localhost", route);
        if (route.Name == Web) yield return ($"{route.App}.localhost", route);
    }
}

/// <summary>Represents a service of an app in the table.</summary>
internal sealed record Route(AppName App, ServiceName Name, ServiceRoute Service);
