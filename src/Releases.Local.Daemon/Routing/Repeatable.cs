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

    /// <summary>
    /// Whether a request that got no answer may be sent again: when there was no connection to send anything over, or when
    /// being carried out twice is the same as once and there is no body of which a part is gone.
    /// </summary>
    public static bool Allows(HttpContext context, ForwarderError error)
    {
        if (error != ForwarderError.Request) return false;
        if (context.GetForwarderErrorFeature()?.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }) return true;
        return Methods.Contains(context.Request.Method) && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;
    }
}
