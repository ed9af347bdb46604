using System.Text.Json.Serialization;

namespace Releases;

/// <summary>A manifest or an index, with what of it leads to other pieces.</summary>
internal sealed record OciManifest
{
    public int SchemaVersion { get; init; } = 2;

    public string? MediaType { get; init; }

    public OciDescriptor? Config { get; init; }

    public IReadOnlyList<OciDescriptor>? Layers { get; init; }

    /// <summary>The images of an index.</summary>
    public IReadOnlyList<OciDescriptor>? Manifests { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The pieces that it names, in its order.</summary>
    [JsonIgnore]
    public IEnumerable<OciDescriptor> Pieces => [.. Manifests ?? [], .. Config is null ? [] : (OciDescriptor[])[Config], .. Layers ?? []];
}

/// <summary>The settings of an image.</summary>
internal sealed record OciConfig(string Architecture, string Os, OciRun Config, OciRootfs Rootfs);

/// <summary>What a container of an image runs.</summary>
internal sealed record OciRun
{
    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonPropertyName("Labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>The digests of an image's layers, as they are uncompressed.</summary>
internal sealed record OciRootfs(
    string Type, [property: JsonPropertyName("diff_ids")] IReadOnlyList<string> DiffIds);

/// <summary>The file that marks an image layout.</summary>
internal sealed record OciLayoutMark(string ImageLayoutVersion);

/// <summary>How OCI's documents are written, source-generated for Native AOT. The fields of a container's settings begin with a
/// capital.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciManifest))]
[JsonSerializable(typeof(OciConfig))]
[JsonSerializable(typeof(OciLayoutMark))]
internal sealed partial class OciJson : JsonSerializerContext;
