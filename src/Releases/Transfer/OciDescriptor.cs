using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>A piece of an OCI image, named by its content.</summary>
/// <param name="MediaType">What it is.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed partial record OciDescriptor(string MediaType, string Digest, long Size)
{
    /// <summary>More about it, for other tools.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Whether it lists other pieces: the manifest of an image, or an index of several.</summary>
    [JsonIgnore]
    public bool IsManifest => MediaType is OciTypes.Manifest or OciTypes.Index or OciTypes.DockerManifest or OciTypes.DockerManifestList;

    /// <summary>Whether it is as the specification has it; what comes from a file need not be.</summary>
    [JsonIgnore]
    internal bool IsValid => MediaType is { Length: > 0 } && Digest is not null && Size >= 0 && Digests().IsMatch(Digest);

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Digests();
}

/// <summary>The media types of images.</summary>
public static class OciTypes
{
    /// <summary>The manifest of an image.</summary>
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An index of images for several systems.</summary>
    public const string Index = "application/vnd.oci.image.index.v1+json";

    /// <summary>The settings of an image.</summary>
    public const string Config = "application/vnd.oci.image.config.v1+json";

    /// <summary>Files of an image, as a tar.</summary>
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>Docker's own form of a manifest.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker's own form of an index.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Everything that can be the root of an image.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [Manifest, Index, DockerManifest, DockerManifestList];
}
