using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Sets the console's cookies. No script can read one, no other site can send it, and where the browser's connection is encrypted it is
/// never sent over one that isn't.
/// </summary>
internal static class ConsoleCookie
{
    /// <param name="http">The request.</param>
    /// <param name="name">The name of the cookie.</param>
    /// <param name="value">The value.</param>
    /// <param name="age">How long it is kept; for the browser's session if null.</param>
    public static void Append(HttpContext http, string name, string value, TimeSpan? age = null) =>
        http.Response.Cookies.Append(name, value, new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
            MaxAge = age,
            Secure = IsEncrypted(http.Request),
        });

    /// <summary>
    /// Determines whether the browser's connection is encrypted, perhaps only up to a proxy. Browsers send an origin with forms, and not
    /// with links; for these, proxies have a header. Whoever forges either only gets a cookie that is sent less often.
    /// </summary>
    private static bool IsEncrypted(HttpRequest request) =>
        request.IsHttps
        || request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        // The first of several proxies has the browser's connection.
        || string.Equals(
            request.Headers["X-Forwarded-Proto"].ToString().Split(',')[0].Trim(), "https", StringComparison.OrdinalIgnoreCase);
}
