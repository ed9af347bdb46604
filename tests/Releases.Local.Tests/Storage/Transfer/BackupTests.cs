using System.Text;
using Releases.Local.Tests.Storage.Artifacts;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A home in a file, and another home made of it.</summary>
public sealed class BackupTests : TransferTest
{
    private string BackupFile => Path.Combine(Temporary, "convox.backup");

    [Fact]
    public async Task A_restored_home_has_the_same_releases_artifacts_and_environments()
    {
        Write("Größe ☕.txt", "x");
        Write("run.sh", "#!/bin/sh", executable: true);
        Write("empty.txt", "");
        var release = await MakeReleases();
        await File.WriteAllTextAsync(Home.RouterSettings, "{}", Cancel);
        var written = await BackUp(withKey: true);
        Assert.Equal((1, 1, true, 0), (written.Apps, written.Artifacts, written.Key, written.Omitted.Count));
        Assert.Equal((new FileInfo(BackupFile).Length, "600"), (written.Bytes, ModeOf(BackupFile)));

        var restored = await Restore();
        Assert.Equal((written.TakenAt, 1, null), (restored.TakenAt, restored.Artifacts, restored.MissingKey));
        Assert.Equal([A.App], restored.Apps);
        await IsWhole(release);
        Assert.Equal("{}", await File.ReadAllTextAsync(OtherHome.RouterSettings, Cancel));
        Assert.Equal(await File.ReadAllBytesAsync(Home.VaultKey, Cancel), await File.ReadAllBytesAsync(OtherHome.VaultKey, Cancel));
        Assert.Equal(("600", "600"), (ModeOf(OtherHome.VaultKey), ModeOf(OtherHome.Database)));
        Assert.Equal(Documents(Home), Documents(OtherHome));
        // A new record gets the place in the order that it would have had.
        await using var rack = To();
        Assert.Equal(release.Number + 1, (await Changed(rack, "NEXT")).Number);
    }

    [Fact]
    public async Task Taken_while_others_write_it_is_of_one_moment()
    {
        await MakeReleases();
        using var enough = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(w => Task.Run(async () =>
        {
            await using var rack = From();
            for (var i = 0; !enough.IsCancellationRequested; i++)
                await rack.Store.CreateApp(AppName.Parse($"app-{w}-{i}"), A.Event(), Cancel);
        }, Cancel)).ToList();
        RackBackup? last = null;
        for (var i = 0; i < 5; i++) last = await BackUp();
        await enough.CancelAsync();
        await Task.WhenAll(writers);

        var restored = await Restore();
        Assert.Equal(last!.Apps, restored.Apps.Count);
        await using var rack = To();
        // The app and its event are one write: one without the other would be half a moment.
        foreach (var app in await rack.Store.ListApps(Cancel)) Assert.NotEmpty(await rack.Store.ListEvents(app.Name, 1, Cancel));
        // Each writer's apps are without a gap up to the moment.
        foreach (var writer in restored.Apps.Where(a => a != A.App).Select(a => a.ToString().Split('-')).GroupBy(a => a[1]))
            Assert.Equal(Enumerable.Range(0, writer.Count()), writer.Select(a => int.Parse(a[2], null)).Order());
    }

    [Fact]
    public async Task An_artifact_that_is_missing_is_named()
    {
        var release = await MakeReleases();
        TemporaryFolders.Delete(Home.ArtifactOf(release.Services[A.Web].Artifact!.Digest));
        var written = await BackUp();
        Assert.Equal([new(release.Services[A.Web].Artifact!.Digest, "it is missing. Build its commit again.")], written.Omitted);
        await Restore();
        Assert.Empty(StoreChecker.Faults(OtherHome));
    }

    [Fact]
    public async Task A_damaged_artifact_is_left_out_and_named()
    {
        var release = await MakeReleases();
        var artifact = release.Services[A.Web].Artifact!;
        Tamper(Stored(artifact, "Hello.dll"), f => File.WriteAllText(f, "ASSEMBLY"));
        Assert.Equal([new(artifact.Digest, "its files were changed. Build its commit again.")], (await BackUp()).Omitted);
        await Restore();
        Assert.Empty(StoreChecker.Artifacts(OtherHome));
    }

    [Fact]
    public async Task Without_its_key_it_says_where_the_key_belongs_and_works_when_it_is_there()
    {
        var release = await MakeReleases();
        Assert.False((await BackUp()).Key);
        Assert.DoesNotContain(Convert.ToHexString(await File.ReadAllBytesAsync(Home.VaultKey, Cancel)),
            Convert.ToHexString(await File.ReadAllBytesAsync(BackupFile, Cancel)), StringComparison.Ordinal);
        Assert.Equal(OtherHome.VaultKey, (await Restore()).MissingKey);
        await using (var rack = To())
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(() => Environment(rack, release));
            Assert.Equal(ProblemCode.Vault, refused.Problems[0].Code);
        }

        File.Copy(Home.VaultKey, OtherHome.VaultKey);
        await IsWhole(release);
    }

    [Fact]
    public async Task Into_its_own_home_it_needs_no_key_and_takes_back_what_came_later()
    {
        var release = await MakeReleases();
        await BackUp();
        await using (var rack = From())
        {
            await Changed(rack, "LATER");
            await rack.Store.CreateApp(AppName.Parse("later"), A.Event(), Cancel);
        }

        await IsRefused(() => Restore(Home), "apps (hello, later)");
        Assert.Null((await Restore(Home, replace: true)).MissingKey);
        await IsWhole(release, Home);
    }

    [Fact]
    public async Task A_home_with_apps_or_another_key_or_a_daemon_is_refused_and_stays_as_it_is()
    {
        await MakeReleases();
        await BackUp(withKey: true);
        await using (var rack = To())
        {
            await rack.Store.CreateApp(AppName.Parse("other"), A.Event(), Cancel);
            await new EnvironmentRelease(rack, TimeProvider.System).Create(
                new(AppName.Parse("other"), new(EnvironmentSet.Of([new("SECRET", "other")]), []), null, A.Person, false), Cancel);
        }

        var before = Documents(OtherHome);
        await IsRefused(() => Restore(), "has apps (other)");
        await IsRefused(() => Restore(replace: true), "another vault key");
        using (FileLock.TryTake(OtherHome.DaemonLock)) await IsRefused(() => Restore(replace: true), "is running");
        Assert.Equal(before, Documents(OtherHome));
        Assert.Empty(StoreChecker.Artifacts(OtherHome));
    }

    [Theory]
    [InlineData("assembly", "assembIy")]
    [InlineData("SQLite format 3", "SQLite format 4")]
    [InlineData("\"takenAt\":\"2", "\"takenAt\":\"3")]
    [InlineData("\"index\":\"sha256:", "\"index\":\"sha257:")]
    [InlineData("blobs/sha256/", "blobs/sha512/")]
    [InlineData("backup.json", "backup.jsom")]
    public async Task One_that_was_changed_is_refused_before_anything_is_put_in_place(string was, string becomes)
    {
        await MakeReleases();
        await BackUp(withKey: true);
        var bytes = await File.ReadAllBytesAsync(BackupFile, Cancel);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(was));
        Assert.True(at >= 0);
        Encoding.UTF8.GetBytes(becomes).CopyTo(bytes, at);
        await File.WriteAllBytesAsync(BackupFile, bytes, Cancel);
        await IsRefused(() => Restore(), "isn't a whole backup");
        Assert.False(Directory.Exists(OtherHome.Folder));
    }

    [Fact]
    public async Task One_that_is_cut_off_anywhere_is_refused()
    {
        await MakeReleases();
        await BackUp(withKey: true);
        var bytes = await File.ReadAllBytesAsync(BackupFile, Cancel);
        // The tar's own end, two empty blocks, isn't content.
        var mark = bytes.AsSpan().LastIndexOf("backup.json"u8);
        foreach (var length in (int[])[0, 1, 300, 512, 2048, bytes.Length / 3, bytes.Length / 2, mark - 512, mark, mark + 100,
            mark + 512, mark + 520])
        {
            await File.WriteAllBytesAsync(BackupFile, bytes[..length], Cancel);
            await IsRefused(() => Restore(), length is 1 or 300 ? "backup: it isn't a tar file" : "isn't a whole backup");
        }

        await File.WriteAllTextAsync(BackupFile, new string('x', 5000), Cancel);
        await IsRefused(() => Restore(), "isn't a whole backup: it isn't a tar file, or is damaged");
        File.Delete(BackupFile);
        await IsRefused(() => Restore(), "there is no file");
        Assert.False(Directory.Exists(OtherHome.Folder));
    }

    [Theory]
    [InlineData("../../escaped", null)]
    [InlineData("/absolute", null)]
    [InlineData("link", "../../out")]
    [InlineData("link", "/etc")]
    public void A_path_out_of_the_artifact_is_refused(string path, string? target)
    {
        var folder = new PublishFolder("", [new(path, false, 0, target) { Sha256 = target is null ? new('0', 64) : null }]);
        var artifact = new BackupArtifact { Manifest = ArtifactManifest.Of(folder), Description = new("", 0) };
        Assert.Throws<InvalidDataException>(artifact.Folder);
    }

    [Theory]
    [InlineData("CONVOX_FAILPOINT")]
    [InlineData("CONVOX_FAILPOINT_FILES")]
    public async Task A_restore_that_is_killed_at_any_write_leaves_nothing_half_and_the_next_one_finishes(string failPoint)
    {
        var release = await MakeReleases();
        await BackUp(withKey: true);
        var moments = 0;
        for (var exit = -1; exit != 0; moments++)
        {
            Empty();
            (exit, _) = await Process(new Dictionary<string, string> { [failPoint] = $"{moments + 1}" }, "restore",
                OtherHome.Folder, BackupFile);
            Assert.Empty(StoreChecker.Faults(OtherHome));
            bool isThere;
            await using (var rack = To()) isThere = (await rack.Store.ListApps(Cancel)).Count > 0;
            if (!isThere) await Restore();
            await IsWhole(release);
        }

        Assert.InRange(moments, 2, 100);
    }

    [Fact]
    public async Task A_backup_that_is_killed_at_any_write_leaves_the_one_before()
    {
        await MakeReleases();
        await BackUp();
        var before = await File.ReadAllBytesAsync(BackupFile, Cancel);
        var moments = 0;
        for (; ; moments++)
        {
            var (exit, _) = await Process(new Dictionary<string, string> { ["CONVOX_FAILPOINT_FILES"] = $"{moments + 1}" }, "backup",
                Home.Folder, BackupFile);
            if (exit == 0) break;
            Assert.Equal(before, await File.ReadAllBytesAsync(BackupFile, Cancel));
        }

        Assert.InRange(moments, 4, 100);
        Assert.NotEqual(before, await File.ReadAllBytesAsync(BackupFile, Cancel));
        Assert.Null((await Restore()).MissingKey);
    }

    /// <summary>A release with an artifact and an environment.</summary>
    private async Task<Release> MakeReleases()
    {
        await using var rack = From();
        await Released(rack);
        return await Changed(rack, "SECRET");
    }

    private static async Task<Release> Changed(
        LocalRack rack, string key) => (await new EnvironmentRelease(rack, TimeProvider.System).Create(
        new(A.App, new(EnvironmentSet.Of([new(key, "value")]), []), null, A.Person, false), Cancel))!.Release;

    private static async Task<EnvironmentSet> Environment(LocalRack rack, Release release) => await rack.Vault.Open(
        A.App, release.Environment!.Value, await rack.Store.ReadSnapshot(A.App, release.Environment!.Value, Cancel), Cancel);

    private Task<RackBackup> BackUp(bool withKey = false) => new BackUpHome(Home, TimeProvider.System).Run(BackupFile, withKey, Cancel);

    private Task<RestoredRack> Restore(bool replace = false) => Restore(OtherHome, replace);

    private Task<RestoredRack> Restore(LocalHome home, bool replace = false) =>
        new RestoreHome(home, TimeProvider.System).Run(BackupFile, replace, Cancel);

    private Task IsWhole(Release release) => IsWhole(release, OtherHome);

    private static async Task IsWhole(Release release, LocalHome home)
    {
        await using var rack = LocalRack.Open(home, "local", TimeProvider.System);
        Assert.Equal(release.Id, Assert.Single(await rack.Store.ListApps(Cancel)).Latest);
        var found = await rack.Store.RequireRelease(A.App, release.Id, Cancel);
        Assert.Null(await rack.Artifacts.Verify(found.Services[A.Web].Artifact!, Cancel));
        Assert.True((await Environment(rack, found)).TryGet("SECRET", out var value));
        Assert.Equal("value", value);
        Assert.Empty(StoreChecker.Faults(home));
        Assert.Empty(StoreChecker.Unnamed(home));
    }

    /// <summary>Every row of every table, as text.</summary>
    private static List<string> Documents(LocalHome home)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={home.Database};Pooling=false");
        connection.Open();
        Assert.Equal("wal", connection.First("PRAGMA journal_mode", r => r.GetString(0)));
        return [.. connection.All("SELECT name FROM sqlite_schema WHERE type = 'table'", r => r.GetString(0)).Order(StringComparer.Ordinal)
            .SelectMany(table => connection.All($"SELECT * FROM {table}", r => table + ": " + string.Join('|',
                Enumerable.Range(0, r.FieldCount).Select(i => r.GetValue(i) is byte[] b ? Convert.ToHexString(b) : r.GetValue(i)))))];
    }

    private static async Task IsRefused(Func<Task> restore, string because)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(restore);
        Assert.Equal(ProblemCode.Backup, refused.Problems[0].Code);
        Assert.Contains(because, refused.Problems[0].Sentence, StringComparison.Ordinal);
    }

    private static string ModeOf(string file) => OperatingSystem.IsWindows() ? "600" : Convert.ToString((int)File.GetUnixFileMode(file), 8);

    private void Empty()
    {
        if (!Directory.Exists(OtherHome.Folder)) return;
        if (Directory.Exists(OtherHome.Artifacts))
            foreach (var artifact in Directory.GetDirectories(OtherHome.Artifacts)) TemporaryFolders.Delete(artifact);
        Directory.Delete(OtherHome.Folder, recursive: true);
    }
}
