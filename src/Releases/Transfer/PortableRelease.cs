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
}

/// <summary>The JSON serialization of a portable release, with the same options as <see cref="StoreJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PortableRelease))]
internal sealed partial class PortableJson : JsonSerializerContext;
