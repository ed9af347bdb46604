using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>What a folder holds: each file with the hash of its content, and each empty folder.</summary>
internal static partial class Shipped
{
    /// <summary>One line each, sorted.</summary>
    public static IReadOnlyList<string> In(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Where(e => !Directory.Exists(e) || !Directory.EnumerateFileSystemEntries(e).Any())
            .Select(e =>
                $"{Path.GetRelativePath(folder, e)} {(Directory.Exists(e) ? "(empty folder)" : Convert.ToHexStringLower(SHA256.HashData(Content(e)))[..16])}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The files of a service's artifact, as the rack keeps them.</summary>
    public static IReadOnlyList<string> By(Workspace workspace, Release release, string service) =>
        In(Path.Combine(workspace.Home.Artifacts, release.Services[ServiceName.Parse(service)].Artifact!.Digest["sha256:".Length..],
            "files"));

    /// <summary>The SDK writes into one file when it compressed others, so that differs each time that they are built.</summary>
    private static byte[] Content(string file) => file.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal)
        ? Encoding.UTF8.GetBytes(Moment().Replace(File.ReadAllText(file), ""))
        : File.ReadAllBytes(file);

    [GeneratedRegex("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT")]
    private static partial Regex Moment();
}
