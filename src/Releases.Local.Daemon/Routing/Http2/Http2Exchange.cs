using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>
/// Represents an HTTP/2 request at one target: sets the headers about its origin, and tracks when it is no longer in flight.
/// </summary>
/// <param name="target">The target.</param>
/// <param name="forwarded">The settings of the headers about the request's origin.</param>
/// <param name="cookies">The router's own cookies for the client.</param>
/// <param name="isNamed">Whether the response names the target's release.</param>
/// <param name="time">The clock.</param>
internal sealed class Http2Exchange(
    RouteTarget target, ForwardedHeaders forwarded, IReadOnlyList<string> cookies, bool isNamed, TimeProvider time) : HttpTransformer
{
    private static readonly HttpRequestOptionsKey<Http2Exchange> Key = new("exchange");
    private static readonly UriCreationOptions AsItCame = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private int _left;
    private bool _hasAnswer;
    private long? _waitsSince;
    private int? _status;
    private volatile bool _mayBeSeen;

    /// <summary>Gets or sets whether all of the response's body has been read.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Gets or sets whether the process broke off the response's body.</summary>
    public bool IsBrokenOff { get; set; }

    /// <summary>Gets whether the process may have seen the request.</summary>
    public bool MayBeSeen => _mayBeSeen;

    /// <summary>Determines whether the process didn't answer the request, or not completely, though the client waited for it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The forwarder's error.</param>
    public bool HasFailed(HttpContext context, ForwarderError error) =>
        error != ForwarderError.None && !IsWhole && !IsEndedByClient(context, error);

    /// <summary>
    /// Determines whether the client ended the exchange. Kestrel doesn't cancel a request whose client resets it after its end, and cancels
    /// one whose answer the router resets. The forwarder also names the client if the process stopped the copy of the request's body.
    /// </summary>
    public bool IsEndedByClient(HttpContext context, ForwarderError error)
    {
        if (error == ForwarderError.RequestBodyClient && !IsStopped(context.GetForwarderErrorFeature()?.Exception)) return true;
        if (IsBrokenOff) return false;
        return context.RequestAborted.IsCancellationRequested || error is ForwarderError.ResponseBodyClient
            or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient;

        static bool IsStopped(Exception? error) =>
            error is OperationCanceledException or AggregateException { InnerExceptions: [OperationCanceledException, ..] };
    }

    /// <summary>Returns the exchange of a forwarded request.</summary>
    public static Http2Exchange Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var exchange) ? exchange : throw new InvalidOperationException("The request has no exchange.");

    /// <summary>
    /// Notes that a request's head is being written. Over HTTP/2, the handler repeats only what a process surely didn't process, and the
    /// last attempt counts.
    /// </summary>
    public static void NoteWrite(HttpRequestMessage request)
    {
        if (request.Version.Major == 1) Of(request)._mayBeSeen = true;
    }

    /// <summary>
    /// The request is complete, so the process owes an answer, unless it has already answered. The time before this is the client's.
    /// </summary>
    public void BeginWait()
    {
        lock (_gate)
            if (!_hasAnswer) (_waitsSince, _since) = (target.Traffic.Wait(), time.GetTimestamp());
    }

    /// <summary>Ends the request, which is no longer in flight. May be called more than once.</summary>
    /// <param name="isGivenUp">Whether the client has left.</param>
    public void End(bool isGivenUp = false)
    {
        EndWait(isGivenUp);
        if (Interlocked.Exchange(ref _left, 1) == 0) target.Leave();
    }

    /// <summary>Counts that the process didn't answer the request, or not completely.</summary>
    public void CountFailure()
    {
        if (_status is { } status) target.Traffic.BrokenOff(status);
        else target.Traffic.Failed();
    }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Options.Set(Key, this);
        if (httpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { } raw && raw.StartsWith('/'))
            proxyRequest.RequestUri = new(destinationPrefix + Escaped(raw), in AsItCame);
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
        EndWait(isGivenUp: false);
        _status = (int)proxyResponse.StatusCode;
        target.Traffic.Answered(_status.Value, time.GetElapsedTime(_since));
        foreach (var cookie in cookies) httpContext.Response.Headers.Append("Set-Cookie", cookie);
        if (isNamed) httpContext.Response.Headers[ReleaseHeader.Name] = target.Release.ToString();
        var isTunnel = httpContext.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
        if (isTunnel || IsEventStream(proxyResponse)) End();
        // A tunnel's stream is also written to, and its head is sent when it is opened.
        if (copyBody && !isTunnel)
            proxyResponse.Content = new StreamContent(new ResponseBodyStream(
                await proxyResponse.Content.ReadAsStreamAsync(cancellationToken), httpContext.Response, this));
        return copyBody;
    }

    private void EndWait(bool isGivenUp)
    {
        lock (_gate)
        {
            _hasAnswer = true;
            if (_waitsSince is { } since) target.Traffic.EndWait(since, isGivenUp);
            _waitsSince = null;
        }
    }

    /// <summary>
    /// Returns the target with its bytes beyond ASCII escaped. The handler doesn't write such a character, but counts it, and so sends
    /// what its buffer still has of another request.
    /// </summary>
    private static string Escaped(string target) => target.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? string.Concat(target.Select(c => c is >= '!' and <= '~' ? $"{c}" : $"%{(int)c:X2}"))
        : target;

    /// <summary>Removes this product's own cookies, which aren't for the app.</summary>
    private static void KeepOwnCookies(HttpRequestHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Cookie", out var values)) return;
        var sent = values.Select(Encoding.Latin1.GetBytes).ToList();
        if (!sent.Exists(c => OwnCookies.IsIn(c))) return;
        headers.Remove("Cookie");
        var kept = string.Join("; ", sent.Select(c => Encoding.Latin1.GetString(OwnCookies.Without(c))).Where(c => c.Length > 0));
        if (kept.Length > 0) headers.TryAddWithoutValidation("Cookie", kept);
    }

    private static bool IsEventStream(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);
}
