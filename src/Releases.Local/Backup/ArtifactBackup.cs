using System.Text.Json;

namespace Releases.Local;

/// <summary>Adds artifacts to a backup, each distinct file once.</summary>
internal sealed class ArtifactBackup(LocalHome home, SqliteReleaseStore store, BlobTarWriter tar)
{
    private const string Missing = "it is missing. Build its commit again.";
    private const string Changed = "its files were changed. Build its commit again.";
    private const string Undescribed = "its artifact.json is damaged. Build its commit again.";

    private readonly Dictionary<string, BackupArtifact> _added = new(StringComparer.Ordinal);

    /// <summary>Gets the added artifacts, ordered by digest.</summary>
    public IReadOnlyList<BackupArtifact> Added => [.. _added.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value)];

    /// <summary>Adds the artifacts that aren't in the backup yet and returns those that can't be added, ordered by digest.</summary>
    public async Task<IReadOnlyList<OmittedArtifact>> Add(IReadOnlySet<string> digests, CancellationToken cancel)
    {
        var omitted = new List<OmittedArtifact>();
        foreach (var digest in digests.Where(d => !_added.ContainsKey(d)).Order(StringComparer.Ordinal))
            if (await TryAdd(digest, cancel) is { } why) omitted.Add(new(digest, why));

        foreach (var gone in _added.Keys.Where(d => !digests.Contains(d)).ToList()) _added.Remove(gone);
        return omitted;
    }

    /// <summary>Adds an artifact, or returns why it can't be added.</summary>
    private async Task<string?> TryAdd(string digest, CancellationToken cancel)
    {
        var stored = new StoredArtifact(home.ArtifactOf(digest));
        if (!stored.Exists) return Missing;
        try
        {
            var folder = PublishFolder.Read(stored.Files).Hashed(null, cancel);
            if (folder.Digest() != digest) return Changed;
            foreach (var file in folder.Entries.Where(e => e.IsFile))
                await tar.AddBlob(
                    new("", "sha256:" + file.Sha256, file.Bytes), () => Task.FromResult<Stream>(File.OpenRead(folder.Full(file))), cancel);
            FailPoint.PassFiles();
            if (await Describe(digest, cancel) is not { } text) return Undescribed;
            var description = await tar.AddBlob(text, cancel);
            _added.Add(digest, new() { Manifest = ArtifactManifest.Of(folder), Description = BackupPart.Of(description) });
            return null;
        }
        catch (ProblemException unreadable) when (unreadable.InnerException is UnauthorizedAccessException denied)
        {
            return $"it can't be read: {denied.Message} Back up as the user of the rack.";
        }
        catch (ProblemException other) when (other.InnerException is null)
        {
            // A link or a pipe, which no stored artifact has.
            return Changed;
        }
        catch (Exception gone) when (gone is ProblemException or FileNotFoundException or DirectoryNotFoundException)
        {
            // Such as by retention, right now.
            return Missing;
        }
    }

    /// <summary>Returns an artifact's <c>artifact.json</c>, or what a release has of it if that file is damaged.</summary>
    private async Task<byte[]?> Describe(string digest, CancellationToken cancel)
    {
        try
        {
            var text = await File.ReadAllBytesAsync(Path.Combine(home.ArtifactOf(digest), "artifact.json"), cancel);
            if (JsonSerializer.Deserialize(text, StoreJson.Default.Artifact)?.Digest == digest) return text;
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException)
        {
            // The records have the same.
        }

        return await store.FindArtifact(digest, cancel) is { } recorded
            ? JsonSerializer.SerializeToUtf8Bytes(recorded, StoreJson.Default.Artifact) : null;
    }
}
