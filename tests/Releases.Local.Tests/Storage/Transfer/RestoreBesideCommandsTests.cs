using Microsoft.Data.Sqlite;
using Releases.Local.Tests.Storage.Artifacts;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A restore while commands that need no daemon use the home.</summary>
public sealed class RestoreBesideCommandsTests : TransferTest
{
    private static readonly AppName Other = AppName.Parse("other");

    [Fact]
    public async Task A_home_that_gets_an_app_meanwhile_is_refused_and_keeps_the_key_of_its_environment()
    {
        var backup = Path.Combine(Temporary, "convox.backup");
        await using (var rack = From())
        {
            await Released(rack);
            await Sealed(rack, A.App);
        }

        await new BackUpHome(Home, TimeProvider.System).Run(backup, withKey: true, Cancel);
        using var third = new TemporaryHome();
        Release release;
        await using (var rack = LocalRack.Open(third.Home, "local", TimeProvider.System))
        {
            await rack.Store.CreateApp(Other, A.Event(), Cancel);
            release = await Sealed(rack, Other);
        }

        await using var kept = To();
        await kept.Store.ListApps(Cancel);
        File.Copy(third.Home.VaultKey, OtherHome.VaultKey);
        await using (var writer = new SqliteConnection($"Data Source={OtherHome.Database};Pooling=False"))
        {
            // The restore finds no app, and has to wait for this write when it has restored the artifacts.
            await writer.OpenAsync(Cancel);
            writer.Execute("ATTACH DATABASE $1 AS third", third.Home.Database);
            writer.Execute("BEGIN IMMEDIATE");
            var restoring = Task.Run(() => new RestoreHome(OtherHome, TimeProvider.System).Run(backup, replace: false, Cancel), Cancel);
            await Patience.Until(() => StoreChecker.Artifacts(OtherHome).Count > 0 || restoring.IsCompleted);
            foreach (var table in (string[])["apps", "snapshots", "releases"])
                writer.Execute($"INSERT INTO {table} SELECT * FROM third.{table}");
            writer.Execute("COMMIT");
            var refused = await Assert.ThrowsAsync<ProblemException>(() => restoring);
            Assert.Contains("has apps (other)", refused.Problems[0].Sentence, StringComparison.Ordinal);
        }

        var snapshot = release.Environment!.Value;
        var environment = await kept.Vault.Open(Other, snapshot, await kept.Store.ReadSnapshot(Other, snapshot, Cancel), Cancel);
        Assert.True(environment.TryGet("SECRET", out var value));
        Assert.Equal("other", value);
    }

    private static async Task<Release> Sealed(LocalRack rack, AppName app) => (await new EnvironmentRelease(rack, TimeProvider.System)
        .Create(new(app, new(EnvironmentSet.Of([new("SECRET", $"{app}")]), []), null, A.Person, false), Cancel))!.Release;
}
