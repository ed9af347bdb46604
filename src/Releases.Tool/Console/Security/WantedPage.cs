using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The page that somebody wanted before they were asked to sign in, in a cookie until they have. It is only ever a page of an
/// app.</summary>
internal static class WantedPage
{
    /// <summary>What the script of an open page sends when it asks by itself.</summary>
    public const string RefreshHeader = "X-Console-Refresh";

    private const string Apps = "/apps/";
    private const int MaxLength = 512;

    /// <summary>Whether a page asks by itself, and no person.</summary>
    public static bool IsBackground(HttpRequest request) =>
        request.Headers.ContainsKey(RefreshHeader) || request.Path.Value?.EndsWith("/live", StringComparison.Ordinal) == true;

    public static void Keep(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsGet(request.Method) || IsBackground(request)) return;
        var page = ActionError.Without(request.Path.ToUriComponent(), request.QueryString.ToUriComponent());
        if (IsPage(page))
            http.Response.Cookies.Append(Name(http), page, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true });
    }

    /// <summary>It, once; else the apps.</summary>
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
