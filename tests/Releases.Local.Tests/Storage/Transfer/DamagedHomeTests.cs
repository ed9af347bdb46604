using Releases.Local.Tests.Storage.Artifacts;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A backup takes the place of a database that can't be read, which is kept beside it.</summary>
public sealed class DamagedHomeTests : TransferTest
{
    private string BackupFile => Path.Combine(Temporary, "convox.backup");

    [Theory]
    [InlineData("cut")]
    [InlineData("garbage")]
    [InlineData("folder")]
    public async Task A_damaged_database_is_replaced_when_asked_for_and_kept(string how)
    {
        var release = await MakeRelease();
        Damage(how);
        var refused = (await Assert.ThrowsAsync<ProblemException>(() => Restore(replace: false))).Problems[0];
        Assert.Equal(ProblemCode.Backup, refused.Code);
        Assert.Contains("is damaged, and a restore would replace it. Nothing was restored.", refused.Text, StringComparison.Ordinal);

        var restored = await Restore(replace: true);
        Assert.Equal([A.App], restored.Apps);
        Assert.Null(restored.MissingKey);
        Assert.True(Path.Exists(restored.DamagedDatabase), restored.DamagedDatabase);
        await using var rack = From();
        Assert.Equal(release.Id, Assert.Single(await rack.Store.ListApps(Cancel)).Latest);
        Assert.Empty(StoreChecker.Faults(Home));
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Home.Database};Pooling=false");
        connection.Open();
        Assert.Equal("wal", connection.First("PRAGMA journal_mode", r => r.GetString(0)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Home.Database));
    }

    [Fact]
    public async Task The_key_of_what_a_damaged_database_sealed_is_not_replaced()
    {
        await MakeRelease();
        await File.WriteAllBytesAsync(Home.VaultKey, new byte[32], Cancel);
        var key = await File.ReadAllBytesAsync(Home.VaultKey, Cancel);
        Damage("garbage");
        var refused = (await Assert.ThrowsAsync<ProblemException>(() => Restore(replace: true))).Problems[0];
        Assert.Contains("another vault key", refused.Message, StringComparison.Ordinal);
        Assert.Equal(key, await File.ReadAllBytesAsync(Home.VaultKey, Cancel));
        Assert.Equal("garbage", await File.ReadAllTextAsync(Home.Database, Cancel));
    }

    private async Task<Release> MakeRelease()
    {
        await using var rack = From();
        await Released(rack);
        var release = (await new EnvironmentRelease(rack, TimeProvider.System).Create(
            new(A.App, new(EnvironmentSet.Of([new("SECRET", "value")]), []), null, A.Person, false), Cancel))!.Release;
        await new BackUpHome(Home, TimeProvider.System).Run(BackupFile, withKey: true, Cancel);
        return release;
    }

    private void Damage(string how)
    {
        if (how == "cut")
        {
            using var file = File.OpenWrite(Home.Database);
            file.SetLength(file.Length / 2);
            return;
        }

        File.Delete(Home.Database);
        if (how == "garbage") File.WriteAllText(Home.Database, "garbage");
        else Directory.CreateDirectory(Home.Database);
    }

    private Task<RestoredRack> Restore(bool replace) => new RestoreHome(Home, TimeProvider.System).Run(BackupFile, replace, Cancel);
}
