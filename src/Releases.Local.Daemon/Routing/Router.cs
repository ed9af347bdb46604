using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>
/// The local rack's front door: every port it listens at, and the table of which process takes which request. HTTP/1 is passed on as
/// it came; HTTP/2 goes by Kestrel and YARP. Kestrel is made without a host, whose signal handlers and configuration would
/// be a second owner of the daemon's process.
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

    private Router(TimeProvider time, ForwardedHeaders forwarded, int loops)
    {
        _services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        _routes = new Routes(time);
        _forwarding = new Http2Forwarder(_routes, forwarded, _services.GetRequiredService<IHttpForwarder>(), time);
        var listener = new Http2Listener();
        _http2 = new KestrelServer(Options.Create(Settings()), listener, NullLoggerFactory.Instance);
        _loops = new EventLoops(loops);
        _clients = new ClientConnections(_routes, forwarded, listener.Take, _loops, time);
        _ports = new LoopbackPorts(_clients.Serve, time);
    }

    /// <summary>What it has seen of every release's requests.</summary>
    public TrafficRegistry Traffic { get; } = new();

    /// <summary>A router that runs, listens nowhere yet and knows no route.</summary>
    /// <param name="time">The time.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <param name="behindProxy">Whether clients are proxies, whose word on where a request came from counts.</param>
    /// <param name="loops">On how many threads HTTP/1 is forwarded; 0: on .NET's own. Null: as many as the machine needs.</param>
    public static async Task<Router> Start(TimeProvider time, CancellationToken cancel, bool behindProxy = false, int? loops = null)
    {
        var router = new Router(time, new ForwardedHeaders(behindProxy), loops ?? EventLoops.DefaultCount);
        await router._http2.StartAsync(router._forwarding, cancel);
        return router;
    }

    /// <summary>Listens at this port of the loopback addresses as well; nothing to do where it does already.</summary>
    /// <exception cref="ProblemException"><see cref="ProblemCode.PortInUse"/>, with the program's name if it is known.</exception>
    public void Listen(int port) => _ports.Open(port);

    /// <summary>Accepts no more connections at this port; those that are open stay.</summary>
    public void StopListening(int port) => _ports.Close(port);

    /// <summary>From now on every request goes by this table.</summary>
    public void Publish(RouteTable table) => _routes.Publish(table);

    /// <summary>
    /// Completes when nothing is in flight at a target that is no longer in the table, or when the limit has passed;
    /// says whether nothing was. Upgraded connections and event streams are not waited for.
    /// </summary>
    public Task<bool> Drained(RouteTarget target, TimeSpan limit, CancellationToken cancel = default) =>
        _routes.Drained(target, limit, cancel);

    /// <summary>Gives what is in flight until the token is cancelled, then ends every connection.</summary>
    public async Task Stop(CancellationToken cancel)
    {
        _ports.Dispose();
        await Task.WhenAll(_clients.Stop(cancel), _http2.StopAsync(cancel));
    }

    public async ValueTask DisposeAsync()
    {
        // Already cancelled: connections that are still open end at once.
        await Stop(new CancellationToken(canceled: true));
        await _clients.DisposeAsync();
        _loops.Dispose();
        _http2.Dispose();
        _forwarding.Dispose();
        await _services.DisposeAsync();
    }

    /// <summary>What a request may be is for the app to say; the router only passes it on.</summary>
    private static KestrelServerOptions Settings()
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            RequestHeaderEncodingSelector = static _ => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static _ => Encoding.Latin1,
        };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestHeadersTotalSize = MessageHead.MaxBytes;
        options.Limits.MaxRequestHeaderCount = MessageHead.MaxBytes;
        options.Limits.Http2.MaxRequestHeaderFieldSize = MessageHead.MaxBytes;
        options.Limits.Http2.MaxStreamsPerConnection = 1000;
        options.Listen(new Http2EndPoint(), listen => listen.Protocols = HttpProtocols.Http2);
        return options;
    }
}
