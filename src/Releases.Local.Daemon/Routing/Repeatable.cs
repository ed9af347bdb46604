using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Releases.Local;

/// <summary>Which requests may go to another process after one failed.</summary>
internal static class Repeatable
{
    /// <summary>The methods that RFC 9110 calls idempotent.</summary>
    public static FrozenSet<string> Methods { get; } =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /// <summary>There was no connection, so not even the head was sent.</summary>
    public static bool NothingWasSent(HttpContext context) =>
        context.GetForwarderErrorFeature()?.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    /// <summary>Whether a request that was sent and not answered may be sent again: being carried out twice is the same as once, and it has no body.</summary>
    public static bool IsHarmless(HttpContext context, ForwarderError error) =>
        error == ForwarderError.Request
        && Methods.Contains(context.Request.Method)
        && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;
}
