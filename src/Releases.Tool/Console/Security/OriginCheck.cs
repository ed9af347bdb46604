using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Accepts changes only from the console's own pages, by the origin that the browser sends.</summary>
/// <param name="given">The configured names; a proxy for them may terminate TLS.</param>
internal sealed class OriginCheck(IReadOnlyList<string> given)
{
    public Task Require(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return next(http);
        if (!HttpMethods.IsPost(request.Method)) throw new RejectedRequestException(StatusCodes.Status405MethodNotAllowed,
            $"the console has no {SafeText.Line(request.Method)}.");

        var (site, origin) = (request.Headers["Sec-Fetch-Site"].ToString(), request.Headers.Origin.ToString());
        var isSaid = site.Length + origin.Length > 0;
        return isSaid && site is "" or "same-origin" && (origin.Length == 0 || IsOurs(request, origin))
            ? next(http)
            : throw Refused(request, site, origin);
    }

    /// <summary>A browser doesn't send a page of one host to another, so a different host is another site's page or a proxy's.</summary>
    private static RejectedRequestException Refused(HttpRequest request, string site, string origin) =>
        site is "" or "same-origin" && Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority != request.Host.Value
            ? new(
                StatusCodes.Status403Forbidden,
                $"this was sent by a page at '{SafeText.Line(page.Authority)}', but to the host "
                    + $"'{SafeText.Line(request.Host.Value ?? "")}', so nothing was done.",
                "If a proxy is between them, it has to pass the host on; in nginx: proxy_set_header Host $http_host; "
                    + "Otherwise open the console itself, and press the button there.")
            : new(
                StatusCodes.Status403Forbidden, "this was not sent by a page of the console, so nothing was done.",
                "Open the console itself, and press the button there.");

    private bool IsOurs(HttpRequest request, string origin) =>
        origin == $"{request.Scheme}://{request.Host}"
        || (given.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase) && origin == $"https://{request.Host}");
}
