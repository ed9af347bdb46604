using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The files that the pages load, which are in the program itself.</summary>
internal static class Assets
{
    private const string Folder = "/assets/";

    private static readonly FrozenDictionary<string, (string Type, byte[] Content)> Files = new (string Name, string Type)[]
    {
        ("console.css", "text/css; charset=utf-8"), ("console.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml"),
    }.ToFrozenDictionary(f => Folder + f.Name, f => (f.Type, Read(f.Name)), StringComparer.Ordinal);

    public static async Task Serve(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || !Files.TryGetValue(http.Request.Path.Value ?? "", out var file))
        {
            await next(http);
            return;
        }

        http.Response.ContentType = file.Type;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentLength = file.Content.Length;
        await http.Response.Body.WriteAsync(file.Content, http.RequestAborted);
    }

    private static byte[] Read(string name)
    {
        using var resource = typeof(Assets).Assembly.GetManifestResourceStream($"console/{name}")!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }
}
