using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents a manifest or an index, with the fields that refer to other pieces.</summary>
internal sealed record OciManifest
{
    public int SchemaVersion { get; init; } = 2;

    public string? MediaType { get; init; }

    public OciDescriptor? Config { get; init; }

    public IReadOnlyList<OciDescriptor>? Layers { get; init; }

    /// <summary>The images of an index.</summary>
    public IReadOnlyList<OciDescriptor>? Manifests { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The pieces that it refers to, in order.</summary>
    [JsonIgnore]
    public IEnumerable<OciDescriptor> Pieces => [.. Manifests ?? [], .. Config is null ? [] : (OciDescriptor[])[Config], .. Layers ?? []];
}

/// <summary>Represents the configuration of an image.</summary>
internal sealed record OciConfig(string Architecture, string Os, OciRun Config, OciRootfs Rootfs);

/// <summary>Represents what a container of an image runs.</summary>
internal sealed record OciRun
{
    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonPropertyName("Labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>Represents the digests of an image's uncompressed layers.</summary>
internal sealed record OciRootfs(
    string Type, [property: JsonPropertyName("diff_ids")] IReadOnlyList<string> DiffIds);

/// <summary>Represents the file that marks an image layout.</summary>
internal sealed record OciLayoutMark(string ImageLayoutVersion);

/// <summary>
/// The JSON serialization of OCI documents, source-generated for Native AOT. The fields of a container's configuration begin with a
/// capital.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciManifest))]
[JsonSerializable(typeof(OciConfig))]
[JsonSerializable(typeof(OciLayoutMark))]
internal sealed partial class OciJson : JsonSerializerContext;
