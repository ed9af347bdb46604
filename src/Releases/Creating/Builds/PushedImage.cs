using System.Security.Cryptography;
using System.Text;

namespace Releases;

/// <summary>Represents an image that the SDK pushed, as described by its MSBuild properties.</summary>
/// <param name="Registry">The registry's host name.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Digest"><c>GeneratedContainerDigest</c>: the digest of a single-platform image.</param>
/// <param name="Index"><c>GeneratedImageIndex</c>: the index of a multi-platform image, as JSON.</param>
/// <param name="Runtimes">The runtime identifiers, separated by semicolons.</param>
public sealed record PushedImage(string Registry, string Repository, string? Digest, string? Index, string? Runtimes)
{
    /// <summary>
    /// Returns the artifact for a release. The SDK doesn't report the digest of an index, so it is computed from the index's text.
    /// </summary>
    public Artifact Artifact(bool aspNetCore)
    {
        var digest = Index is not null
            ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Index)))
            : Digest ?? throw new InvalidOperationException("The SDK pushed an image and did not say which.");
        return new()
        {
            Digest = digest,
            Kind = ArtifactKind.Image,
            Reference = $"{Registry}/{Repository}@{digest}",
            RuntimeIdentifiers = [.. (Runtimes ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Order(StringComparer.Ordinal)],
            AspNetCore = aspNetCore,
        };
    }
}
