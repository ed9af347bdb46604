using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Takes what changes something only from our own pages: the browser says where a form comes from.</summary>
internal static class OriginCheck
{
    public static Task Require(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return next(http);
        if (!HttpMethods.IsPost(request.Method)) throw new RejectedRequestException(StatusCodes.Status405MethodNotAllowed,
            $"the console has no {SafeText.Line(request.Method)}.");

        var (site, origin) = (request.Headers["Sec-Fetch-Site"].ToString(), request.Headers.Origin.ToString());
        var isSaid = site.Length + origin.Length > 0;
        return isSaid && site is "" or "same-origin" && (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}")
            ? next(http)
            : throw new RejectedRequestException(
                StatusCodes.Status403Forbidden, "this was not sent by a page of the console, so nothing was done.",
                "Open the console itself, and press the button there.");
    }
}
