using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>
/// Represents the <c>manifest.json</c> of an artifact: every path with its digest, size and mode. Its entries, in the order of the
/// artifact's hash, give the artifact's digest, so the manifest need not be trusted.
/// </summary>
internal sealed record ArtifactManifest : StoredDocument
{
    public const string FileName = "manifest.json";

    /// <summary>Gets the artifact's digest.</summary>
    public required string Digest { get; init; }

    /// <summary>Gets the files, in ordinal order of their paths.</summary>
    public IReadOnlyList<ManifestFile> Files { get => field ?? []; init; }

    /// <summary>Returns the manifest of a hashed folder.</summary>
    public static ArtifactManifest Of(PublishFolder folder) =>
        new() { Digest = folder.Digest(), Files = [.. folder.Entries.Select(ManifestFile.Of)] };

    /// <summary>Reads an artifact's manifest, or returns null if it has none that can be read, such as artifacts of version 0.1.</summary>
    public static ArtifactManifest? Read(string artifact)
    {
        try
        {
            return Read(File.ReadAllText(Path.Combine(artifact, FileName)), ArtifactJson.Default.ArtifactManifest);
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the content of the file.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ArtifactJson.Default.ArtifactManifest);

    /// <summary>Returns the first path that differs, is missing or is extra in a folder, or null if there is none.</summary>
    public string? FirstDifference(PublishFolder folder)
    {
        var should = Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var has = folder.Entries.Select(ManifestFile.Of).ToDictionary(f => f.Path, StringComparer.Ordinal);
        return should.Keys.Union(has.Keys).Order(StringComparer.Ordinal)
            .FirstOrDefault(path => !should.TryGetValue(path, out var a) || !has.TryGetValue(path, out var b) || !a.IsSame(b));
    }
}

/// <summary>Represents a file, a link or an empty folder of an artifact.</summary>
internal sealed record ManifestFile : Extensible
{
    /// <summary>Gets the relative path, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the SHA-256 of a file's content, in hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets the size of a file, in bytes.</summary>
    public long? Bytes { get; init; }

    /// <summary>Gets whether a file is executable; missing if it isn't.</summary>
    public bool? Executable { get; init; }

    /// <summary>Gets the target of a link.</summary>
    public string? Target { get; init; }

    /// <summary>Gets whether this is an empty folder; missing if it isn't.</summary>
    public bool? Folder { get; init; }

    public static ManifestFile Of(PublishEntry entry) => new()
    {
        Path = entry.Path,
        Sha256 = entry.Sha256,
        Bytes = entry.IsFile ? entry.Bytes : null,
        Executable = entry.Executable ? true : null,
        Target = entry.Target,
        Folder = entry.IsEmptyFolder ? true : null,
    };

    public bool IsSame(ManifestFile other) =>
        (Sha256, Executable, Target, Folder) == (other.Sha256, other.Executable, other.Target, other.Folder);
}

/// <summary>Serializes the documents of artifacts as <see cref="StoreJson"/> does.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ArtifactManifest))]
internal sealed partial class ArtifactJson : JsonSerializerContext;
