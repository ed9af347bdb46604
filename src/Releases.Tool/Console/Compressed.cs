using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Sends an answer compressed to browsers that take it. Pages have a secret next to what an address can put into them; that is safe to
/// compress because no other site can make the browser send the session's cookie (SameSite=Strict), so none can measure answers.
/// </summary>
internal static class Compressed
{
    private const int WorthIt = 1024;

    public static async Task Write(HttpContext http, string text) => await Write(http, Encoding.UTF8.GetBytes(text), null);

    /// <param name="http">The request.</param>
    /// <param name="content">The answer.</param>
    /// <param name="compressed">The same compressed before; null: it is compressed now.</param>
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
