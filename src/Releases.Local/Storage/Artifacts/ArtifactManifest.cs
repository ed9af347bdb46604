using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>
/// <c>manifest.json</c> of an artifact: every path with its digest, size and mode. Its entries, in the order of the artifact's hash,
/// give the artifact's digest, so nobody has to trust it.
/// </summary>
internal sealed record ArtifactManifest : StoredDocument
{
    public const string FileName = "manifest.json";

    /// <summary>The artifact's digest.</summary>
    public required string Digest { get; init; }

    /// <summary>Sorted by path, by ordinal.</summary>
    public IReadOnlyList<ManifestFile> Files { get => field ?? []; init; }

    /// <summary>The manifest of a folder that was hashed.</summary>
    public static ArtifactManifest Of(PublishFolder folder) =>
        new() { Digest = folder.Digest(), Files = [.. folder.Entries.Select(ManifestFile.Of)] };

    /// <summary>Reads an artifact's manifest; null: it has none that can be read, as those of version 0.1.</summary>
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

    /// <summary>The text of the file.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ArtifactJson.Default.ArtifactManifest);

    /// <summary>The first path that a folder has otherwise, or not at all, or more than this; null: none.</summary>
    public string? FirstDifference(PublishFolder folder)
    {
        var should = Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var has = folder.Entries.Select(ManifestFile.Of).ToDictionary(f => f.Path, StringComparer.Ordinal);
        return should.Keys.Union(has.Keys).Order(StringComparer.Ordinal)
            .FirstOrDefault(path => !should.TryGetValue(path, out var a) || !has.TryGetValue(path, out var b) || !a.IsSame(b));
    }
}

/// <summary>A file, a link or an empty folder of an artifact.</summary>
internal sealed record ManifestFile : Extensible
{
    /// <summary>Relative, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The SHA-256 of a file's content, in hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>A file's size.</summary>
    public long? Bytes { get; init; }

    /// <summary>Whether a file is executable; absent: it isn't.</summary>
    public bool? Executable { get; init; }

    /// <summary>Where a link points to.</summary>
    public string? Target { get; init; }

    /// <summary>Whether this is a folder with nothing in it; absent: it isn't.</summary>
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

/// <summary>How the documents of artifacts are stored: as <see cref="StoreJson"/> does.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ArtifactManifest))]
internal sealed partial class ArtifactJson : JsonSerializerContext;
