using System.Text.Json;

namespace Releases.Local;

/// <summary>Backs up a home's database, artifacts and settings to one file while the home is in use.</summary>
internal sealed class BackUpHome(LocalHome home, TimeProvider time)
{
    /// <summary>The maximum number of database snapshots to take because retention removed an artifact that the last one named.</summary>
    private const int MaxSnapshots = 5;

    public async Task<RackBackup> Run(string file, bool withKey, CancellationToken cancel)
    {
        if (!File.Exists(home.Database)) throw BackupProblems.NoRack(home).ToException();
        if (FileTarget.Refused(file) is { } refused) throw BackupProblems.NotWritten(refused).ToException();
        var target = FileTarget.Followed(file);
        var folder = Path.GetDirectoryName(target)!;
        await using var store = SqliteReleaseStore.OpenOrReadOnly(home);
        try
        {
            new TemporaryFolders(time).Sweep(folder);
            using var making = TemporaryFolders.Create(folder);
            var whole = Path.Combine(making.Path, "backup");
            RackBackup written;
            await using (var to = PrivateFiles.CreateNew(whole))
            {
                written = await Write(to, new(making.Path), store, withKey, cancel);
                FailPoint.PassFiles();
                await to.FlushAsync(cancel);
                RandomAccess.FlushToDisk(to.SafeFileHandle);
                written = written with { File = file, Bytes = to.Length };
            }

            FailPoint.PassFiles();
            AtomicFile.Put(whole, target);
            return written;
        }
        catch (Exception failure) when (BackupProblems.Writing(failure, file) is { } problem)
        {
            throw problem.ToException(failure);
        }
    }

    /// <summary>
    /// Writes the artifacts first and the database that names them last. What is stored meanwhile belongs to the next backup.
    /// </summary>
    private async Task<RackBackup> Write(Stream to, LocalHome snapshot, SqliteReleaseStore store, bool withKey, CancellationToken cancel)
    {
        await using var tar = new BlobTarWriter(to);
        var artifacts = new ArtifactBackup(home, store, tar);
        var (records, takenAt) = await Snapshot(snapshot, store, cancel);
        var omitted = await artifacts.Add(records.Artifacts, cancel);
        for (var again = 1; omitted.Count > 0 && again < MaxSnapshots; again++)
        {
            // Retention may have removed them since; a new snapshot knows.
            (records, takenAt) = await Snapshot(snapshot, store, cancel);
            if (omitted.SequenceEqual(omitted = await artifacts.Add(records.Artifacts, cancel))) break;
        }

        var key = new VaultKey(home).Read();
        if (withKey && key is null && records.HasSealed) throw BackupProblems.KeyLost(home).ToException();
        var index = new BackupIndex
        {
            TakenAt = takenAt,
            Tool = ToolVersion.Text,
            Router = File.Exists(home.RouterSettings)
                ? BackupPart.Of(await tar.AddBlob(await File.ReadAllBytesAsync(home.RouterSettings, cancel), cancel)) : null,
            Key = withKey && records.HasSealed && key is not null ? BackupPart.Of(await tar.AddBlob(key, cancel)) : null,
            KeyFingerprint = !records.HasSealed ? null : key is null ? BackupIndex.LostKey : LocalVault.FingerprintOf(key),
            Database = BackupPart.Of(snapshot.Database, cancel),
            Artifacts = artifacts.Added,
        };
        await tar.AddBlob(index.Database.Blob, () => Task.FromResult<Stream>(File.OpenRead(snapshot.Database)), cancel);
        FailPoint.PassFiles();
        var listed = await tar.AddBlob(index.ToUtf8(), cancel);
        var mark = JsonSerializer.SerializeToUtf8Bytes(new() { Index = listed.Digest }, BackupJson.Default.BackupMark);
        await tar.Add(BackupMark.EntryName, mark, cancel);
        return new("", 0, index.TakenAt, records.Apps, index.Artifacts.Count, index.Key is not null, omitted);
    }

    /// <summary>Takes a consistent snapshot of the database and reads the copy.</summary>
    private async Task<(Records Records, DateTimeOffset At)> Snapshot(
        LocalHome snapshot, SqliteReleaseStore store, CancellationToken cancel)
    {
        File.Delete(snapshot.Database);
        await PrivateFiles.CreateNew(snapshot.Database).DisposeAsync();
        var at = time.GetUtcNow();
        await store.CopyTo(snapshot.Database, cancel);
        FailPoint.PassFiles();
        Records records;
        await using (var copy = SqliteReleaseStore.Open(snapshot))
        {
            records = new(
                (await copy.ListApps(cancel)).Count, await copy.HasSnapshots(), await copy.NamedArtifacts(cancel) ?? Everything());
        }

        RackDatabase.MakeOneFile(snapshot.Database);
        return (records, at);
    }

    /// <summary>
    /// Returns all stored artifacts, which count as named if a newer version names them in a way that this one doesn't know.
    /// </summary>
    private HashSet<string> Everything() => !Directory.Exists(home.Artifacts) ? []
        : [.. Directory.EnumerateDirectories(home.Artifacts)
            .Where(d => !TemporaryFolders.IsTemporary(d)).Select(d => "sha256:" + Path.GetFileName(d))];

    private sealed record Records(int Apps, bool HasSealed, IReadOnlySet<string> Artifacts);
}
