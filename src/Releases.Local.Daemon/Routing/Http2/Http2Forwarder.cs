using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>Forwards each HTTP/2 request to a process that is ready, and to another one if the first can't have seen any of it.</summary>
internal sealed class Http2Forwarder(
    Routes routes, ForwardedHeaders forwarded, IHttpForwarder forwarder, ConnectionLimit limit, TimeProvider time)
    : IHttpApplication<HttpContext>, IDisposable
{
    /// <summary>The limit for response headers, in the handler's unit.</summary>
    private const int HeadersKiB = MessageHead.MaxBytes / 1024;

    private readonly HttpMessageInvoker _client = new(new NoRetryHandler(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // As in HTTP/1: an idle connection takes one of the open files that the limit leaves.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        ConnectCallback = (context, cancel) => CountedStream.Connect(context.DnsEndPoint.Port, limit, cancel),
#pragma warning disable CA2262 // The unit is KiB.
        MaxResponseHeadersLength = HeadersKiB,
#pragma warning restore CA2262
        RequestHeaderEncodingSelector = static (_, request) =>
        {
            Http2Exchange.NoteWrite(request);
            return Encoding.Latin1;
        },
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    }));

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Kestrel resets the stream of a request that threw; the context itself has nothing to release.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        // The line of a request over HTTP/1 would end there.
        if (context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan().ContainsAnyInRange('\0', ' '))
        {
            await RouterResponse.BadRequest(400, "a request target with white space or a control character").Write(context);
            return;
        }

        var attempts = new Attempts(time);
        var port = context.Features.GetRequiredFeature<IHttpConnectionFeature>().LocalPort;
        while (true)
        {
            var table = routes.Current;
            if (table.Find(port, context.Request.Host.Host) is not { } route)
            {
                await RouterResponse.NoSuchAddress(context.Request.Host.Host, port, table.RouterPort).Write(context);
                return;
            }

            var wanted = Wanted(context.Request, route);
            if (attempts.Choose(route.Service, wanted) is not { } target)
            {
                if (attempts.Last is not null
                    && await routes.Replaced(table, attempts.Left(ClientConnections.ReplacementTimeout), context.RequestAborted))
                    continue;
                await RouterResponse.NoneLeft(route, attempts.Last).Write(context);
                return;
            }

            if (!routes.TryEnter(target, table)) continue;
            target.Traffic.Requested();
            var exchange = new Http2Exchange(
                target, forwarded, [.. wanted.Cookies(route, target)], wanted.IsNamed(route, target), time);
            var error = await Send(context, target, exchange);
            if (!exchange.HasFailed(context, error)) return;
            var failure = context.GetForwarderErrorFeature()?.Exception;
            if (failure is HttpRequestException { InnerException: { } cause } && OpenFileLimit.IsReached(cause))
            {
                await RouterResponse.TooManyOpenFiles().Write(context);
                return;
            }

            exchange.CountFailure();
            if (context.Response.HasStarted) return;
            if (failure is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
            {
                await RouterResponse.InvalidResponse(route, target, "broke off the request or its answer").Write(context);
                return;
            }

            if (exchange.MayBeSeen)
            {
                await RouterResponse.ProcessDied(route, target).Write(context);
                return;
            }

            attempts.NotConnected(target);
            context.Response.Clear();
        }
    }

    public void Dispose() => _client.Dispose();

    private static Preference Wanted(HttpRequest request, Route route) => new(
        request.Headers[ReleaseHeader.Name] is [{ } asked, ..] ? ReleaseId.Read(asked) : null,
        route.Service.IsSticky ? request.Cookies[StickyCookie.Name(route)] : null,
        route.Service.Promotion is null ? null : request.Cookies[VersionCookie.Name(route)]);

    private async ValueTask<ForwarderError> Send(HttpContext context, RouteTarget target, Http2Exchange exchange)
    {
        var error = ForwarderError.None;
        try
        {
            var version = await target.SpeaksHttp2(time) ? HttpVersion.Version20 : HttpVersion.Version11;
            var settings = new ForwarderRequestConfig
            { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = Timeout.InfiniteTimeSpan };
            return error = await forwarder.SendAsync(context, target.Address, _client, settings, exchange);
        }
        finally
        {
            exchange.End(isGivenUp: exchange.IsEndedByClient(context, error));
        }
    }
}
