using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>Takes every request of the router to a process that is ready, and to another one where that is safe and the first fails.</summary>
internal sealed class Forwarding(Routes routes, IHttpForwarder forwarder, TimeProvider time) : IHttpApplication<HttpContext>, IDisposable
{
    /// <summary>How long a request waits for the daemon to see that every process it knew is gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Not every process there is: it may be the request that ends them.</summary>
    private const int MostRepetitions = 2;

    private static readonly ForwarderRequestConfig Unlimited = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Timeout.InfiniteTimeSpan,
    };

    private readonly HttpMessageInvoker _client = new(new OnceOnly(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    }));

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Kestrel ends the connection of a request that threw; there is nothing of the context's own to let go of.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var failed = new Failures(time);
        while (true)
        {
            var table = routes.Current;
            if (table.Find(context.Connection.LocalPort, context.Request.Host.Host) is not { } route)
            {
                await Answer.NoSuchAddress(context, table.RouterPort);
                return;
            }

            if (route.Service.Choose(failed.Targets) is not { } target)
            {
                if (failed.Last is { } last)
                {
                    if (await routes.Replaced(table, failed.Left(Patience), context.RequestAborted)) continue;
                    await Answer.NoAnswer(context, route, last);
                    return;
                }

                await Answer.NothingReady(context, route);
                return;
            }

            if (!routes.TryEnter(target, table)) continue;
            var error = await Send(context, target);
            if (error == ForwarderError.None || context.Response.HasStarted) return;
            if (context.RequestAborted.IsCancellationRequested) return;
            if (failed.Targets.Count == MostRepetitions || !Repeatable.Allows(context, error))
            {
                await Answer.NoAnswer(context, route, target);
                return;
            }

            failed.Add(target);
            context.Response.Clear();
        }
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<ForwarderError> Send(HttpContext context, RouteTarget target)
    {
        var exchange = new Exchange(target);
        try
        {
            return await forwarder.SendAsync(context, target.Address, _client, Unlimited, exchange);
        }
        finally
        {
            exchange.End();
        }
    }
}
