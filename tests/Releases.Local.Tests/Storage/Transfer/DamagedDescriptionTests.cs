using Releases.Local.Tests.Storage.Artifacts;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A backup of an artifact whose <c>artifact.json</c> is damaged.</summary>
public sealed class DamagedDescriptionTests : TransferTest
{
    private string BackupFile => Path.Combine(Temporary, "convox.backup");

    [Theory]
    [InlineData("")]
    [InlineData("{\"digest\":\"sha256:")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Has_the_description_of_the_release_and_can_be_restored_and_promoted(string? left)
    {
        var artifact = await MakeRelease();
        Damage(artifact, left);

        Assert.Empty((await BackUp()).Omitted);

        Assert.Equal(1, (await new RestoreHome(OtherHome, TimeProvider.System).Run(BackupFile, replace: false, Cancel)).Artifacts);
        await using var rack = To();
        var release = Assert.Single(await rack.Store.ListReleases(A.App, 10, cancel: Cancel));
        Assert.Null(await rack.Artifacts.Verify(release.Services[A.Web].Artifact!, Cancel));
        Assert.Empty(StoreChecker.Faults(OtherHome));
    }

    [Fact]
    public async Task Of_which_no_release_knows_more_leaves_it_out_and_names_it()
    {
        var artifact = await MakeRelease();
        Damage(artifact, "");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Home.Database};Pooling=false"))
        {
            connection.Open();
            // A newer version's release names its artifact in a way that this one doesn't know.
            connection.Execute(
                "UPDATE releases SET document = json_set(json_remove(document, '$.services'), '$.format', 99)");
        }

        var omitted = Assert.Single((await BackUp()).Omitted);
        Assert.Equal((artifact.Digest, "its artifact.json is damaged. Build its commit again."), (omitted.Digest, omitted.Why));
    }

    [Fact]
    public async Task The_documents_of_an_artifact_are_read_only()
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Home.ArtifactOf((await MakeRelease()).Digest);
        foreach (var name in (string[])["artifact.json", ArtifactManifest.FileName])
            Assert.Equal(PublishEntry.Mode(executable: false, writable: false), File.GetUnixFileMode(Path.Combine(folder, name)));
    }

    private async Task<Artifact> MakeRelease()
    {
        await using var rack = From();
        return (await Released(rack)).Services[A.Web].Artifact!;
    }

    private void Damage(Artifact artifact, string? left)
    {
        var file = Path.Combine(Home.ArtifactOf(artifact.Digest), "artifact.json");
        if (left is not null)
        {
            Tamper(file, f => File.WriteAllText(f, left));
            return;
        }

        var gone = Path.Combine(Temporary, "artifact.json");
        Tamper(Path.GetDirectoryName(file)!, _ => File.Move(file, gone));
    }

    private Task<RackBackup> BackUp() => new BackUpHome(Home, TimeProvider.System).Run(BackupFile, withKey: false, Cancel);
}
