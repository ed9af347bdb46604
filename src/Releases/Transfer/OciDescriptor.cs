using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>Represents a reference to a piece of an OCI image, identified by its content.</summary>
/// <param name="MediaType">The media type.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed partial record OciDescriptor(string MediaType, string Digest, long Size)
{
    /// <summary>Annotations for other tools.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Whether it lists other pieces: the manifest of an image, or an index of several images.</summary>
    [JsonIgnore]
    public bool IsManifest => MediaType is OciTypes.Manifest or OciTypes.Index or OciTypes.DockerManifest or OciTypes.DockerManifestList;

    /// <summary>Whether it conforms to the specification, which isn't guaranteed for a descriptor from a file.</summary>
    [JsonIgnore]
    internal bool IsValid => MediaType is { Length: > 0 } && Digest is not null && Size >= 0 && IsDigest(Digest);

    /// <summary>Determines whether a text has the form of a digest.</summary>
    internal static bool IsDigest(string text) => Digests().IsMatch(text);

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Digests();
}

/// <summary>Defines the media types of images.</summary>
public static class OciTypes
{
    /// <summary>The manifest of an image.</summary>
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An index of images for several platforms.</summary>
    public const string Index = "application/vnd.oci.image.index.v1+json";

    /// <summary>The configuration of an image.</summary>
    public const string Config = "application/vnd.oci.image.config.v1+json";

    /// <summary>A layer with files of an image, as a tar.</summary>
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>Docker's form of a manifest.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker's form of an index.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>The media types of an image's root.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [Manifest, Index, DockerManifest, DockerManifestList];

    /// <summary>Determines whether this is the media type of an index of images for several platforms.</summary>
    public static bool IsIndex(string? mediaType) => mediaType is Index or DockerManifestList;
}
