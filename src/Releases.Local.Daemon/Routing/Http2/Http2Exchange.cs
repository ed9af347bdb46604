using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>One request of HTTP/2 at one target: the headers about its origin, and when it no longer counts as in flight.</summary>
/// <param name="target">The target.</param>
/// <param name="forwarded">How the app learns about the request's origin.</param>
/// <param name="cookies">The router's own, for the client.</param>
/// <param name="isNamed">Whether the answer names the target's release.</param>
/// <param name="time">The time.</param>
internal sealed class Http2Exchange(
    RouteTarget target, ForwardedHeaders forwarded, IReadOnlyList<string> cookies, bool isNamed, TimeProvider time) : HttpTransformer
{
    private static readonly UriCreationOptions AsItCame = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly long _since = time.GetTimestamp();
    private int _left;

    /// <summary>Nothing is in flight. May be called more than once.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) target.Leave();
    }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        if (httpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { } raw && raw.StartsWith('/'))
            proxyRequest.RequestUri = new(destinationPrefix + raw, in AsItCame);
        proxyRequest.Headers.Host = httpContext.Request.Host.Value;
        var headers = proxyRequest.Headers;
        if (!forwarded.IsBehindProxy)
            foreach (var claim in headers.NonValidated.Select(h => h.Key).Where(ForwardedHeaders.IsOrigin).ToList()) headers.Remove(claim);
        KeepOwnCookies(headers);
        headers.TryAddWithoutValidation("X-Forwarded-For", (httpContext.Connection.RemoteIpAddress ?? IPAddress.Loopback).ToString());
        if (!headers.Contains("X-Forwarded-Proto")) headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        if (!headers.Contains("X-Forwarded-Host")) headers.TryAddWithoutValidation("X-Forwarded-Host", httpContext.Request.Host.Value);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is null) return copyBody;
        target.Traffic.Answered((int)proxyResponse.StatusCode, time.GetElapsedTime(_since));
        foreach (var cookie in cookies) httpContext.Response.Headers.Append("Set-Cookie", cookie);
        if (isNamed) httpContext.Response.Headers[ReleaseHeader.Name] = target.Release.ToString();
        var isTunnel = httpContext.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
        if (isTunnel || IsEventStream(proxyResponse)) End();
        // A tunnel's stream is written to as well, and its head is sent by what opens it.
        if (copyBody && !isTunnel)
            proxyResponse.Content = new StreamContent(
                new ResponseBodyStream(await proxyResponse.Content.ReadAsStreamAsync(cancellationToken), httpContext.Response));
        return copyBody;
    }

    /// <summary>The router's own cookies aren't the app's.</summary>
    private static void KeepOwnCookies(HttpRequestHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Cookie", out var values)) return;
        var sent = values.Select(Encoding.Latin1.GetBytes).ToList();
        if (!sent.Exists(c => VersionCookie.IsIn(c))) return;
        headers.Remove("Cookie");
        var kept = string.Join("; ", sent.Select(c => Encoding.Latin1.GetString(VersionCookie.Without(c))).Where(c => c.Length > 0));
        if (kept.Length > 0) headers.TryAddWithoutValidation("Cookie", kept);
    }

    private static bool IsEventStream(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);
}
