using System.Text.Json.Serialization;

namespace Releases;

/// <summary>
/// Represents the parts of a release that can be copied: its artifacts, its manifest and its origin. Never its environment.
/// </summary>
public sealed record PortableRelease : StoredDocument
{
    /// <summary>The origin of the release.</summary>
    public required ReleaseOrigin Origin { get; init; }

    /// <summary>Its description.</summary>
    public string Description { get => field ?? ""; init; }

    /// <summary>The text of its <c>convox.yml</c>.</summary>
    public required string Manifest { get; init; }

    /// <summary>The number of the oldest release that works with what it changes, in the numbers of its origin, or null for any.</summary>
    public long? Oldest { get; init; }

    /// <summary>Its services, each with its artifact.</summary>
    public required IReadOnlyDictionary<ServiceName, PortableService> Services { get; init; }

    /// <summary>The documents of its evidence.</summary>
    [JsonIgnore]
    public IReadOnlyList<EvidenceDocument> Documents { get; init; } = [];

    /// <summary>The digests of the documents.</summary>
    [JsonIgnore]
    internal IEnumerable<string> DocumentDigests =>
        Services.OrderBy(s => s.Key).SelectMany(s => new[] { s.Value.Evidence?.Sbom, s.Value.Evidence?.Provenance })
            .OfType<string>().Distinct();

    /// <summary>The kinds of its artifacts.</summary>
    [JsonIgnore]
    public IEnumerable<ArtifactKind> Kinds => Services.Values.Select(s => s.Artifact.Kind).Distinct();

    /// <summary>
    /// Fails with <see cref="InvalidDataException"/> if a release that was read from a file isn't complete, or a field of it that becomes a
    /// path can't be one.
    /// </summary>
    internal void RequireValid()
    {
        if (Services.Count == 0) throw new InvalidDataException("its release has no services");
        foreach (var (name, service) in Services)
            if ((service is null ? "is null" : service.Fault) is { } fault) throw new InvalidDataException($"its service {name} {fault}");
        if (!DocumentDigests.All(OciDescriptor.IsDigest)) throw new InvalidDataException("a document of its evidence has no valid digest");
    }
}

/// <summary>Represents one service of a portable release.</summary>
public sealed record PortableService : Extensible
{
    /// <summary>The artifact.</summary>
    public required Artifact Artifact { get; init; }

    /// <summary>The root of its image in the same file, or null if its image is in a registry that both racks can read.</summary>
    public OciDescriptor? Content { get; init; }

    /// <summary>The description of the build that made it.</summary>
    public string BuildDescription { get => field ?? ""; init; }

    /// <summary>That build's full commit hash.</summary>
    public string? Commit { get; init; }

    /// <summary>Its project, relative to the app's folder.</summary>
    public string? Project { get; init; }

    /// <summary>How the artifact was made.</summary>
    public ServiceEvidence? Evidence { get; init; }

    /// <summary>What is wrong with it, as the text that follows its name, or null.</summary>
    [JsonIgnore]
    internal string? Fault =>
        !OciDescriptor.IsDigest(Artifact.Digest) ? "has an artifact without a valid digest"
        : Artifact.Bytes < 0 ? "has an artifact without a valid size"
        : Artifact.RuntimeIdentifiers.Contains(null!) || Artifact.Frameworks.Contains(null!) ? "has an artifact with an empty requirement"
        : Artifact.Kind switch
        {
            ArtifactKind.Folder when Content is null => "lacks its files",
            ArtifactKind.Folder when Artifact.EntryPoint is { } entry && !IsFileName(entry) => "has a program that isn't in its folder",
            ArtifactKind.Image when Artifact.Reference?.EndsWith($"@{Artifact.Digest}", StringComparison.Ordinal) != true =>
                "has an image without a reference",
            ArtifactKind.Folder or ArtifactKind.Image => null,
            _ => "has an artifact of an unknown kind",
        };

    private static bool IsFileName(string name) => name is not ("" or "." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0;
}

/// <summary>The JSON serialization of a portable release, with the same options as <see cref="StoreJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PortableRelease))]
internal sealed partial class PortableJson : JsonSerializerContext;
