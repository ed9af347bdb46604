using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>
/// Represents the last entry of a backup, which a truncated one lacks. It names the index by its digest, and so everything in the file.
/// </summary>
internal sealed record BackupMark : StoredDocument
{
    public const string EntryName = "backup.json";

    /// <summary>Gets the digest of the <see cref="BackupIndex"/>.</summary>
    public required string Index { get; init; }
}

/// <summary>Represents the contents of a backup, each part by its digest.</summary>
internal sealed record BackupIndex : StoredDocument
{
    /// <summary>The fingerprint that stands for a lost key.</summary>
    public const string LostKey = "";

    /// <summary>Gets the time of the snapshot.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Gets the version of the tool that wrote the backup.</summary>
    public required string Tool { get; init; }

    /// <summary>Gets the SQLite database.</summary>
    public required BackupPart Database { get; init; }

    /// <summary>Gets the vault key, if it was requested.</summary>
    public BackupPart? Key { get; init; }

    /// <summary>Gets the first bytes, in hex, of the digest of the key that seals the environments; null if nothing is sealed.</summary>
    public string? KeyFingerprint { get; init; }

    /// <summary>Gets the router's settings, if there are any.</summary>
    public BackupPart? Router { get; init; }

    /// <summary>Gets the artifacts.</summary>
    public IReadOnlyList<BackupArtifact> Artifacts { get => field ?? []; init; }

    /// <summary>Gets all parts that have to be in the file.</summary>
    [JsonIgnore]
    public IEnumerable<BackupPart> Parts => new[] { Database, Key, Router }.OfType<BackupPart>()
        .Concat(Artifacts.SelectMany(a => a.Manifest.Files.Where(f => f.Sha256 is not null).Select(BackupPart.Of).Prepend(a.Description)));

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupIndex);
}

/// <summary>Represents a blob of a backup.</summary>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="Bytes">The size in bytes.</param>
internal sealed record BackupPart(string Digest, long Bytes)
{
    [JsonIgnore]
    public OciDescriptor Blob => new("", Digest, Bytes);

    public static BackupPart Of(OciDescriptor blob) => new(blob.Digest, blob.Size);

    public static BackupPart Of(ManifestFile file) => new("sha256:" + file.Sha256, file.Bytes ?? 0);

    /// <summary>Creates the part of a file, which must not change meanwhile.</summary>
    public static BackupPart Of(string file, CancellationToken cancel) =>
        new("sha256:" + ContentDigest.Of(file, cancel), new FileInfo(file).Length);
}

/// <summary>Represents an artifact of a backup.</summary>
internal sealed record BackupArtifact : Extensible
{
    /// <summary>Gets the manifest, which lists its files by digest and gives the artifact's own digest.</summary>
    public required ArtifactManifest Manifest { get; init; }

    /// <summary>Gets its <c>artifact.json</c>.</summary>
    public required BackupPart Description { get; init; }

    /// <summary>
    /// Returns the artifact's publish folder. Fails with <see cref="InvalidDataException"/> if a path isn't valid in a publish folder, or
    /// if the files don't match the artifact's digest.
    /// </summary>
    public PublishFolder Folder()
    {
        var links = Manifest.Files.Where(f => f.Target is not null).Select(f => f.Path + '/').ToList();
        foreach (var file in Manifest.Files)
            if (file.Path.Split('/').Any(p => p is "" or "." or "..") || file.Path.Contains('\0', StringComparison.Ordinal)
                || links.Exists(l => file.Path.StartsWith(l, StringComparison.Ordinal))
                || (file.Target is { } target && LeadsOut(file.Path, target)))
                throw new InvalidDataException($"it has a path '{file.Path}' that no publish folder has");
        var folder = new PublishFolder("", [.. Manifest.Files.Select(Entry)]);
        return folder.Digest() == Manifest.Digest ? folder
            : throw new InvalidDataException($"its artifact {Manifest.Digest} doesn't have the files that its digest names");
    }

    private static PublishEntry Entry(ManifestFile file) => new(file.Path, file.Executable == true, file.Bytes ?? 0, file.Target)
    {
        IsEmptyFolder = file.Folder == true,
        Sha256 = file.Sha256 is null && file.Target is null && file.Folder != true
            ? throw new InvalidDataException($"its file '{file.Path}' has no digest") : file.Sha256,
    };

    private static bool LeadsOut(string path, string target)
    {
        var depth = path.Count(c => c == '/');
        foreach (var part in target.Split('/'))
        {
            depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0) return true;
        }

        return target.StartsWith('/');
    }
}

/// <summary>Serializes the documents of a backup as <see cref="StoreJson"/> does.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackupMark))]
[JsonSerializable(typeof(BackupIndex))]
internal sealed partial class BackupJson : JsonSerializerContext;
