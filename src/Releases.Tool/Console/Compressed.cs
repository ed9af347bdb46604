using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Compresses responses for browsers that accept it. Pages contain a secret beside values from their address. Compressing them is safe
/// because the session's cookie is SameSite=Strict: no other site can make the browser send it, so none can measure responses.
/// </summary>
internal static class Compressed
{
    private const int WorthIt = 1024;

    public static async Task Write(HttpContext http, string text) => await Write(http, Encoding.UTF8.GetBytes(text), null);

    /// <param name="http">The request.</param>
    /// <param name="content">The response.</param>
    /// <param name="compressed">The compressed content, or null to compress it now.</param>
    public static async Task Write(HttpContext http, byte[] content, byte[]? compressed)
    {
        var headers = http.Response.Headers;
        headers.Vary = "Accept-Encoding";
        if (content.Length >= WorthIt && Accepts(http.Request))
        {
            headers.ContentEncoding = "gzip";
            content = compressed ?? Compress(content, CompressionLevel.Fastest);
        }

        headers.ContentLength = content.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }

    public static byte[] Compress(byte[] content, CompressionLevel level)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level)) gzip.Write(content);
        return compressed.ToArray();
    }

    private static bool Accepts(HttpRequest request) => request.Headers.AcceptEncoding.ToString().Split(',')
        .Select(e => e.Split(';'))
        .Any(e => e[0].Trim().Equals("gzip", StringComparison.OrdinalIgnoreCase) && !e.Skip(1).Any(q => q.Trim() is "q=0"));
}
