using System.Net;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>One request at one target: what is said about its origin, and when it no longer counts as in flight.</summary>
internal sealed class Exchange(RouteTarget target) : HttpTransformer
{
    private int _left;

    /// <summary>Nothing is in flight any more. May be said more than once.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) target.Leave();
    }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        // Only this machine reaches the router. What already says where the request came from is a proxy in front of it
        // (a tunnel, a TLS terminator) that knows better.
        headers.TryAddWithoutValidation("X-Forwarded-For", (httpContext.Connection.RemoteIpAddress ?? IPAddress.Loopback).ToString());
        if (!headers.Contains("X-Forwarded-Proto")) headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        if (!headers.Contains("X-Forwarded-Host")) headers.TryAddWithoutValidation("X-Forwarded-Host", httpContext.Request.Host.Value);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is null) return copyBody;
        if (proxyResponse.StatusCode == HttpStatusCode.SwitchingProtocols) End();
        if (!IsEventStream(proxyResponse)) return copyBody;

        // An event stream may be silent for long; its reader waits for the head to know that it is open.
        End();
        await httpContext.Response.StartAsync(cancellationToken);
        return copyBody;
    }

    private static bool IsEventStream(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);
}
