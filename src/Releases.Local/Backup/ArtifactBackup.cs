namespace Releases.Local;

/// <summary>Adds artifacts to a backup, each distinct file once.</summary>
internal sealed class ArtifactBackup(LocalHome home, BlobTarWriter tar)
{
    private readonly Dictionary<string, BackupArtifact> _added = new(StringComparer.Ordinal);

    /// <summary>Gets the added artifacts, ordered by digest.</summary>
    public IReadOnlyList<BackupArtifact> Added => [.. _added.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value)];

    /// <summary>Adds the artifacts that aren't in the backup yet and returns the digests of those that are missing or damaged.</summary>
    public async Task<HashSet<string>> Add(IReadOnlySet<string> digests, CancellationToken cancel)
    {
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var digest in digests.Where(d => !_added.ContainsKey(d)).Order(StringComparer.Ordinal))
        {
            if (await TryAdd(digest, cancel) is { } added) _added.Add(digest, added);
            else missing.Add(digest);
        }

        // Remove artifacts that only an earlier snapshot names.
        foreach (var gone in _added.Keys.Where(d => !digests.Contains(d)).ToList()) _added.Remove(gone);
        return missing;
    }

    private async Task<BackupArtifact?> TryAdd(string digest, CancellationToken cancel)
    {
        var stored = new StoredArtifact(home.ArtifactOf(digest));
        if (!stored.Exists) return null;
        try
        {
            var folder = PublishFolder.Read(stored.Files).Hashed(null, cancel);
            if (folder.Digest() != digest) return null;
            foreach (var file in folder.Entries.Where(e => e.IsFile))
                await tar.AddBlob(
                    new("", "sha256:" + file.Sha256, file.Bytes), () => Task.FromResult<Stream>(File.OpenRead(folder.Full(file))), cancel);
            FailPoint.PassFiles();
            var description = await tar.AddBlob(await File.ReadAllBytesAsync(Path.Combine(stored.Folder, "artifact.json"), cancel), cancel);
            return new() { Manifest = ArtifactManifest.Of(folder), Description = BackupPart.Of(description) };
        }
        catch (Exception gone) when (gone is ProblemException or FileNotFoundException or DirectoryNotFoundException)
        {
            // Retention is removing it right now, or it can't be read.
            return null;
        }
    }
}
