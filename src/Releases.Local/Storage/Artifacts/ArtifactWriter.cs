using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// Writes artifacts to their folders. New files are copied, and those already stored get another hard link; the folder is filled under a
/// temporary name and renamed. Only then do its new files become stored files, so a killed publish leaves none of them behind.
/// </summary>
internal sealed class ArtifactWriter(LocalHome home, StoredFiles stored)
{
    /// <summary>Stores an artifact that is missing or damaged, and returns it as stored.</summary>
    public Artifact Write(PublishFolder published, Artifact artifact, string assemblyName, DigestCache cache, CancellationToken cancel)
    {
        using var made = TemporaryFolders.Create(home.Artifacts);
        var files = Directory.CreateDirectory(Path.Combine(made.Path, "files")).FullName;
        var copied = FolderCopy.Make(published, files, (entry, to) =>
            stored.TryName(entry, to, stat => cache.IsKnownCopy(entry, stat), cancel) ? entry
                : FolderCopy.Copy(entry, published.Full(entry), to, writable: false, cancel), cancel);
        var written = copied.Digest() == artifact.Digest ? artifact
            : PublishedProgram.Read(files, assemblyName) with { Digest = copied.Digest(), Bytes = copied.Bytes };
        Keep(made, copied, written, cancel);
        return written;
    }

    /// <summary>
    /// Stores an artifact of another rack. Fails with <see cref="InvalidDataException"/> if its content doesn't match its digest.
    /// </summary>
    public async Task Receive(ArtifactDelivery delivery, CancellationToken cancel)
    {
        using var made = TemporaryFolders.Create(home.Artifacts);
        var files = Directory.CreateDirectory(Path.Combine(made.Path, "files")).FullName;
        foreach (var piece in delivery.Content.Pieces.Where(p => p.MediaType == OciTypes.Layer))
        {
            await using var layer = new VerifiedStream(await delivery.Content.Open(piece, cancel), piece);
            await FolderLayer.Unpack(layer, files, cancel);
            await layer.Drain(cancel);
        }

        var received = PublishFolder.Read(files).Hashed(null, cancel);
        if (received.Digest() != delivery.Artifact.Digest) throw new InvalidDataException("its files are others");
        Keep(made, received, delivery.Artifact with { Bytes = received.Bytes }, cancel);
    }

    /// <summary>
    /// Stores an artifact of a backup; files already stored get another hard link. Fails with <see cref="InvalidDataException"/>.
    /// </summary>
    /// <param name="listed">The files that its digest covers.</param>
    /// <param name="artifact">The description of the artifact.</param>
    /// <param name="extract">Creates a file with the content that its digest names.</param>
    /// <param name="cancel">A token that cancels the restore.</param>
    public void Restore(PublishFolder listed, Artifact artifact, Action<PublishEntry, string> extract, CancellationToken cancel)
    {
        using var made = TemporaryFolders.Create(home.Artifacts);
        var files = Directory.CreateDirectory(Path.Combine(made.Path, "files")).FullName;
        var placed = FolderCopy.Make(listed, files, (entry, to) =>
        {
            if (stored.TryName(entry, to, _ => false, cancel)) return entry;
            extract(entry, to);
            PublishEntry.SetMode(to, entry.Executable, writable: false);
            return entry;
        }, cancel);
        Keep(made, placed, artifact, cancel);
    }

    /// <summary>Moves an artifact to its place, and then shares its files with the other artifacts.</summary>
    private void Keep(TemporaryFolder made, PublishFolder hashed, Artifact artifact, CancellationToken cancel)
    {
        WriteReadOnly(
            Path.Combine(made.Path, "artifact.json"), JsonSerializer.SerializeToUtf8Bytes(artifact, StoreJson.Default.Artifact));
        WriteReadOnly(Path.Combine(made.Path, ArtifactManifest.FileName), ArtifactManifest.Of(hashed).ToUtf8());
        TemporaryFolders.MakeReadOnly(made.Path);
        DiskFlush.Content(made.Path);
        FailPoint.PassFiles();

        var place = home.ArtifactOf(artifact.Digest);
        if (Directory.Exists(place) && !new StoredArtifact(place).IsWhole(hashed, (_, _) => false, cancel)) TemporaryFolders.Delete(place);
        FailPoint.PassFiles();
        made.MoveTo(place);
        AtomicFile.FlushFolder(home.Artifacts);
        FailPoint.PassFiles();
        Share(place, hashed);
    }

    /// <summary>
    /// Shares an artifact's files with the other artifacts, which a new artifact and those of version 0.1 don't do yet. Each file has the
    /// same content before and after, and is replaced atomically, so this may be interrupted anywhere, and readers don't notice.
    /// </summary>
    /// <param name="place">The artifact's folder.</param>
    /// <param name="hashed">Its verified content.</param>
    public void Share(string place, PublishFolder hashed)
    {
        var files = Path.Combine(place, "files");
        foreach (var entry in hashed.Entries.Where(e => e.IsFile))
        {
            var file = Path.Combine(files, entry.Path);
            if (stored.IsShared(entry, file)) continue;
            var added = stored.Add(entry, file);
            if (added == Added.Unsupported) break;
            if (added == Added.Another) Replace(entry, file);
            FailPoint.PassFiles();
        }

        if (!File.Exists(Path.Combine(place, ArtifactManifest.FileName))) AddManifest(place, hashed);
    }

    private void Replace(PublishEntry entry, string file)
    {
        using var making = TemporaryFolders.Create(home.Artifacts);
        var name = Path.Combine(making.Path, "file");
        if (!stored.TryName(entry, name, _ => false, CancellationToken.None)) return;
        InWritable(Path.GetDirectoryName(file)!, () => File.Move(name, file, overwrite: true));
    }

    private void AddManifest(string place, PublishFolder hashed)
    {
        using var making = TemporaryFolders.Create(home.Artifacts);
        var manifest = Path.Combine(making.Path, ArtifactManifest.FileName);
        WriteReadOnly(manifest, ArtifactManifest.Of(hashed).ToUtf8());
        InWritable(place, () => File.Move(manifest, Path.Combine(place, ArtifactManifest.FileName), overwrite: true));
        FailPoint.PassFiles();
    }

    private static void WriteReadOnly(string file, byte[] content)
    {
        File.WriteAllBytes(file, content);
        PublishEntry.SetMode(file, executable: false, writable: false);
    }

    private static void InWritable(string folder, Action change)
    {
        if (OperatingSystem.IsWindows())
        {
            change();
            return;
        }

        var mode = File.GetUnixFileMode(folder);
        File.SetUnixFileMode(folder, mode | UnixFileMode.UserWrite);
        try
        {
            change();
        }
        finally
        {
            File.SetUnixFileMode(folder, mode);
        }
    }
}
