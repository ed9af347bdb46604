namespace Releases.Local;

/// <summary>Adds artifacts to a backup: every file once, however many artifacts have it.</summary>
internal sealed class ArtifactBackup(LocalHome home, BlobTarWriter tar)
{
    private readonly Dictionary<string, BackupArtifact> _added = new(StringComparer.Ordinal);

    /// <summary>What was added, in the order of the digests.</summary>
    public IReadOnlyList<BackupArtifact> Added => [.. _added.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value)];

    /// <summary>Adds those that aren't in it yet, and gives those that are missing or damaged.</summary>
    public async Task<HashSet<string>> Add(IReadOnlySet<string> digests, CancellationToken cancel)
    {
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var digest in digests.Where(d => !_added.ContainsKey(d)).Order(StringComparer.Ordinal))
        {
            if (await TryAdd(digest, cancel) is { } added) _added.Add(digest, added);
            else missing.Add(digest);
        }

        // An earlier snapshot's that is no longer named isn't of this moment.
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
            // Retention removes it at this moment, or it can't be read.
            return null;
        }
    }
}
