using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>
/// Represents the local rack's entry point: all ports on which it listens, and the table that routes requests to processes. HTTP/1 is
/// forwarded by the router itself, and HTTP/2 by Kestrel and YARP. Kestrel is created without a host, whose signal handling and
/// configuration would conflict with the daemon's.
/// </summary>
internal sealed class Router : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly KestrelServer _http2;
    private readonly EventLoops _loops;
    private readonly ClientConnections _clients;
    private readonly LoopbackPorts _ports;
    private readonly Routes _routes;
    private readonly Http2Forwarder _forwarding;

    private Router(TimeProvider time, ForwardedHeaders forwarded, int loops, Action<string> report)
    {
        _services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        Traffic = new(time);
        _routes = new Routes(time);
        var limit = ConnectionLimit.OfThisProcess(report);
        _forwarding = new Http2Forwarder(_routes, forwarded, _services.GetRequiredService<IHttpForwarder>(), limit, time);
        var listener = new Http2Listener(limit);
        _http2 = new KestrelServer(Options.Create(Settings(forwarded.IsBehindProxy)), listener, NullLoggerFactory.Instance);
        _loops = new EventLoops(loops, limit);
        _clients = new ClientConnections(_routes, forwarded, listener.Take, _loops, limit, report, time);
        _ports = new LoopbackPorts(_clients.Serve, limit, time);
    }

    /// <summary>Gets the traffic counters of all releases.</summary>
    public TrafficRegistry Traffic { get; }

    /// <summary>Starts a router that doesn't listen on any port yet and has no routes.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">A token that cancels the start.</param>
    /// <param name="behindProxy">Whether clients are proxies, whose forwarded headers are trusted.</param>
    /// <param name="report">Receives unexpected failures, or null to ignore them.</param>
    /// <param name="loops">The number of threads that forward HTTP/1, 0 to use .NET's thread pool, or null for a number that suits the
    /// machine.</param>
    public static async Task<Router> Start(
        TimeProvider time, CancellationToken cancel, bool behindProxy = false, Action<string>? report = null, int? loops = null)
    {
        var router = new Router(time, new ForwardedHeaders(behindProxy), loops ?? EventLoops.DefaultCount, report ?? (_ => { }));
        await router._http2.StartAsync(router._forwarding, cancel);
        return router;
    }

    /// <summary>Listens on this port of the loopback addresses too, unless it already does.</summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.PortInUse"/>, naming the other program if it is
    /// known.</exception>
    public void Listen(int port) => _ports.Open(port);

    /// <summary>Stops accepting connections on this port; open ones stay.</summary>
    public void StopListening(int port) => _ports.Close(port);

    /// <summary>Routes all requests by this table from now on.</summary>
    public void Publish(RouteTable table) => _routes.Publish(table);

    /// <summary>
    /// Waits until nothing is in flight to a target that is no longer in the table, or until the limit has passed. Returns whether nothing
    /// is in flight. Upgraded connections and event streams aren't waited for.
    /// </summary>
    public Task<bool> Drained(RouteTarget target, TimeSpan limit, CancellationToken cancel = default) =>
        _routes.Drained(target, limit, cancel);

    /// <summary>Lets requests in flight finish until the token is cancelled, and then closes all connections.</summary>
    public async Task Stop(CancellationToken cancel)
    {
        _ports.Dispose();
        await Task.WhenAll(_clients.Stop(cancel), _http2.StopAsync(cancel));
    }

    public async ValueTask DisposeAsync()
    {
        // The token is already cancelled, so open connections are closed at once.
        await Stop(new CancellationToken(true));
        await _clients.DisposeAsync();
        _loops.Dispose();
        _http2.Dispose();
        _forwarding.Dispose();
        await _services.DisposeAsync();
    }

    /// <summary>Returns settings that leave limits to the apps, because the router only forwards requests.</summary>
    /// <param name="behindProxy">Whether clients are proxies, which may have got their requests over TLS.</param>
    private static KestrelServerOptions Settings(bool behindProxy)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowAlternateSchemes = behindProxy,
            RequestHeaderEncodingSelector = static _ => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static _ => Encoding.Latin1,
        };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestLineSize = MessageHead.MaxBytes;
        options.Limits.MaxRequestHeadersTotalSize = MessageHead.MaxBytes;
        options.Limits.MaxRequestHeaderCount = MessageHead.MaxBytes;
        options.Limits.Http2.MaxRequestHeaderFieldSize = MessageHead.MaxBytes;
        options.Limits.Http2.MaxStreamsPerConnection = 1000;
        options.Listen(new Http2EndPoint(), listen => listen.Protocols = HttpProtocols.Http2);
        return options;
    }
}
