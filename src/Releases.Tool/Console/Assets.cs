using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>
/// Serves the files that the pages load, which are embedded in the program. Browsers revalidate their copies with an ETag.
/// </summary>
internal static class Assets
{
    private const string Folder = "/assets/";

    private static readonly FrozenDictionary<string, Asset> Files = new[]
    {
        Asset.Of("console.css", "text/css; charset=utf-8", "base.css", "tables.css", "parts.css", "log.css", "print.css"),
        Asset.Of("console.js", "text/javascript; charset=utf-8", "morph.js", "times.js", "live.js", "press.js", "log.js", "keys.js"),
        Asset.Of("icon.svg", "image/svg+xml"), Asset.Of("icon-busy.svg", "image/svg+xml"), Asset.Of("icon-bad.svg", "image/svg+xml"),
        Asset.Of("icon-good.svg", "image/svg+xml"),
    }.ToFrozenDictionary(f => Folder + f.Name, StringComparer.Ordinal);

    /// <summary>Gets what changes with any of the files, so that a page knows when the console was replaced by another version.</summary>
    public static string Version { get; } = Convert.ToHexStringLower(
        SHA256.HashData([.. Files.Values.OrderBy(f => f.Name, StringComparer.Ordinal).SelectMany(f => f.Content)]))[..16];

    public static async Task Serve(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || !Files.TryGetValue(http.Request.Path.Value ?? "", out var file))
        {
            await next(http);
            return;
        }

        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ETag = file.ETag;
        if (http.Request.Headers.IfNoneMatch.ToString().Split(',')
            .Any(tag => tag.Trim() is var given && (given == file.ETag || given == $"W/{file.ETag}")))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = file.Type;
        await Compressed.Write(http, file.Content, file.Smaller);
    }

    private sealed record Asset(string Name, string Type, byte[] Content, byte[] Smaller, string ETag)
    {
        /// <summary>Creates an asset from one or several embedded files.</summary>
        public static Asset Of(string name, string type, params string[] parts)
        {
            using var content = new MemoryStream();
            foreach (var part in parts is [] ? [name] : parts)
            {
                using var resource = typeof(Assets).Assembly.GetManifestResourceStream($"console/{part}")!;
                resource.CopyTo(content);
            }

            var bytes = content.ToArray();
            return new(name, type, bytes, Compressed.Compress(bytes, CompressionLevel.SmallestSize),
                $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
        }
    }
}
