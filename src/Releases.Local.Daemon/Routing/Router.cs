using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>
/// The local rack's front door: one Kestrel for every port, and the table of who takes which request. Kestrel is made
/// without a host, whose signal handlers and configuration would be a second owner of the daemon's process.
/// </summary>
internal sealed class Router : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly KestrelServer _server;
    private readonly LoopbackPorts _ports;
    private readonly Routes _routes;
    private readonly Forwarding _forwarding;

    private Router(TimeProvider time)
    {
        _services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        _ports = new LoopbackPorts(time);
        _routes = new Routes(time);
        _forwarding = new Forwarding(_routes, _services.GetRequiredService<IHttpForwarder>(), time);
        _server = new KestrelServer(Options.Create(Settings()), _ports, NullLoggerFactory.Instance);
    }

    /// <summary>A router that runs, listens nowhere yet and knows no route.</summary>
    public static async Task<Router> Start(TimeProvider time, CancellationToken cancel)
    {
        var router = new Router(time);
        await router._server.StartAsync(router._forwarding, cancel);
        return router;
    }

    /// <summary>Listens at this port of the loopback addresses as well; nothing to do where it does already.</summary>
    /// <exception cref="ProblemException"><see cref="ProblemCode.PortInUse"/>, with the program's name where it can be told.</exception>
    public void Listen(int port) => _ports.Open(port);

    /// <summary>Accepts no more connections at this port; those that are open stay.</summary>
    public void StopListening(int port) => _ports.Close(port);

    /// <summary>From now on every request goes by this table.</summary>
    public void Publish(RouteTable table) => _routes.Publish(table);

    /// <summary>
    /// Completes when nothing is in flight at a target that is no longer in the table, or when the limit has passed;
    /// says whether nothing was. Upgraded connections and event streams are not waited for.
    /// </summary>
    public Task<bool> Drained(RouteTarget target, TimeSpan limit, CancellationToken cancel = default) => _routes.Drained(target, limit, cancel);

    /// <summary>Gives what is in flight until the token is cancelled, then ends every connection.</summary>
    public Task Stop(CancellationToken cancel) => _server.StopAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        // Already cancelled: connections that are still open end at once.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _forwarding.Dispose();
        await _services.DisposeAsync();
    }

    private static KestrelServerOptions Settings()
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        // What a request may be is for the app to say; the router only passes it on.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(new RouterEndPoint(), listen => listen.Protocols = HttpProtocols.Http1);
        return options;
    }
}
