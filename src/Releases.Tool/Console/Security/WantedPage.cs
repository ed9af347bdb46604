using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Keeps the page that a user requested before signing in, in a cookie until they have signed in. It is always a page of an app.
/// </summary>
internal static class WantedPage
{
    /// <summary>The header of requests that the script of an open page sends in the background.</summary>
    public const string RefreshHeader = "X-Console-Refresh";

    private const string Apps = "/apps/";
    private const int MaxLength = 512;

    /// <summary>Determines whether a request was sent in the background rather than by a person.</summary>
    public static bool IsBackground(HttpRequest request) =>
        request.Headers.ContainsKey(RefreshHeader) || request.Path.Value?.EndsWith("/live", StringComparison.Ordinal) == true;

    public static void Keep(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsGet(request.Method) || IsBackground(request)) return;
        var page = ActionError.Without(request.Path.ToUriComponent(), request.QueryString.ToUriComponent());
        if (IsPage(page)) ConsoleCookie.Append(http, Name(http), page);
    }

    /// <summary>Returns the wanted page and deletes the cookie; without one, returns the list of apps.</summary>
    public static string Take(HttpContext http)
    {
        if (http.Request.Cookies[Name(http)] is not { } page) return "/";
        http.Response.Cookies.Delete(Name(http));
        return IsPage(page) ? page : "/";
    }

    private static bool IsPage(
        string page) => page.Length <= MaxLength && page.StartsWith(Apps, StringComparison.Ordinal)
            && page.All(c => c is > ' ' and < (char)127 and not '\\');

    private static string Name(HttpContext http) => $"convox-console-to-{http.Connection.LocalPort}";
}
