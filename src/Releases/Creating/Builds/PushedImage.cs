using System.Security.Cryptography;
using System.Text;

namespace Releases;

/// <summary>An image that the SDK has pushed, as its MSBuild properties tell.</summary>
/// <param name="Registry">The registry's host.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Digest"><c>GeneratedContainerDigest</c>: the digest of an image for one system.</param>
/// <param name="Index"><c>GeneratedImageIndex</c>: the index of an image for several systems, as JSON.</param>
/// <param name="Runtimes">The systems, separated by semicolons.</param>
public sealed record PushedImage(string Registry, string Repository, string? Digest, string? Index, string? Runtimes)
{
    /// <summary>What a release has of it. An index has no digest of its own among what the SDK tells: it is that of its text.</summary>
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
