using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// Restores a home from a backup. Content-addressed artifacts come first and affect nothing. Then, while no other process can write, come
/// the key, which opens nothing yet, and the database in one transaction. So a restore that is killed leaves the home as it was, and
/// running it again completes it.
/// </summary>
internal sealed class RestoreHome(LocalHome home, TimeProvider time)
{
    private readonly ArtifactWriter _writer = new(home, new(home));
    private readonly VaultKey _key = new(home);

    public async Task<RestoredRack> Run(string file, bool replace, CancellationToken cancel)
    {
        await using var backup = await BackupContent.Open(file, cancel);
        HomeFolder.RequireRoom(home);
        using var alone = await DaemonLock.Take(home, time, cancel) ?? throw BackupProblems.DaemonRuns(home).ToException();
        try
        {
            return await Restore(backup, replace, cancel);
        }
        catch (Exception full) when (DiskProblems.From(full, home.Folder) is { } problem)
        {
            throw problem.ToException(full);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or JsonException && BackupProblems.Reading(wrong, file) is { } problem)
        {
            throw problem.ToException(wrong);
        }
    }

    private async Task<RestoredRack> Restore(BackupContent backup, bool replace, CancellationToken cancel)
    {
        new TemporaryFolders(time).Sweep(home.Folder);
        using var making = TemporaryFolders.Create(home.Folder);
        var records = new LocalHome(making.Path);
        backup.Extract(backup.Index.Database, records.Database);
        FailPoint.PassFiles();
        IReadOnlyList<AppName> apps;
        await using (var read = SqliteReleaseStore.Open(records)) apps = [.. (await read.ListApps(cancel)).Select(a => a.Name)];
        RackDatabase.MakeOneFile(records.Database);

        string? damaged = null;
        try
        {
            await using var store = SqliteReleaseStore.Open(home);
            // A home that can't be replaced is refused before the work, and again once nothing can change it any longer.
            Require([.. (await store.ListApps(cancel)).Select(a => a.Name)], await store.HasSnapshots());
            PutArtifacts(backup, isVerified: false, cancel);
            await store.ReplaceBy(records.Database, (others, isSealed) =>
            {
                Require(others, isSealed);
                PutKey(backup);
            }, cancel);
        }
        catch (ProblemException unreadable) when (unreadable.Is(ProblemCode.DamagedStore))
        {
            if (!replace) throw BackupProblems.IsDamaged(home).ToException(unreadable);
            // What only its key opens may be in it.
            Require([], isSealed: true);
            PutArtifacts(backup, isVerified: false, cancel);
            PutKey(backup);
            damaged = RackDatabase.ReplaceFile(home, records.Database, time.GetUtcNow());
        }

        // A command that pruned meanwhile didn't know that releases use these.
        PutArtifacts(backup, isVerified: true, cancel);
        if (backup.Index.Router is { } router) PutRouter(backup, router, making.Path);
        var opens = backup.Index.KeyFingerprint is not { } used || FingerprintOfHome() == used;
        return new(backup.Index.TakenAt, apps, backup.Artifacts.Count, opens ? null : home.VaultKey, damaged);

        void Require(IReadOnlyList<AppName> others, bool isSealed)
        {
            if (others.Count > 0 && !replace) throw BackupProblems.HasApps(home, others).ToException();
            if (isSealed && backup.Index.KeyFingerprint is { } needed && FingerprintOfHome() is { } present && present != needed)
                throw BackupProblems.OtherKey(home).ToException();
        }
    }

    private void PutKey(BackupContent backup)
    {
        if (backup.Index.Key is { } key && !backup.Read(key).AsSpan().SequenceEqual(_key.Read())) _key.Put(backup.Read(key));
        FailPoint.PassFiles();
    }

    private string? FingerprintOfHome() => _key.Read() is { } key ? LocalVault.FingerprintOf(key) : null;

    private void PutArtifacts(BackupContent backup, bool isVerified, CancellationToken cancel)
    {
        HomeFolder.CreatePrivate(home.Artifacts);
        foreach (var (artifact, folder) in backup.Artifacts)
        {
            if (new StoredArtifact(home.ArtifactOf(artifact.Manifest.Digest)).IsWhole(folder, (_, _) => isVerified, cancel)) continue;
            var described = JsonSerializer.Deserialize(backup.Read(artifact.Description), StoreJson.Default.Artifact)
                ?? throw new InvalidDataException("it describes an artifact as null");
            if (described.Digest != artifact.Manifest.Digest) throw new InvalidDataException("it describes an artifact as another one");
            _writer.Restore(folder, described, (entry, to) => backup.Extract(new("sha256:" + entry.Sha256, entry.Bytes), to), cancel);
        }
    }

    private void PutRouter(BackupContent backup, BackupPart router, string making)
    {
        var whole = Path.Combine(making, "router.json");
        backup.Extract(router, whole);
        AtomicFile.Put(whole, home.RouterSettings);
    }
}
