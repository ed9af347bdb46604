using Releases.Local.Tests.Storage.Artifacts;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A publish folder arrives in another home as it was.</summary>
public sealed class CopiedFolderTests : TransferTest
{
    [Theory]
    [MemberData(nameof(RoundTripTests.Seeds), MemberType = typeof(RoundTripTests))]
    public async Task A_folder_of_any_shape_arrives_in_another_home_as_it_was(int seed)
    {
        RoundTripTests.Fill(new(seed), Published, Published, depth: 0);
        await using var from = From();
        await using var to = To();
        var release = await Released(from);
        var copy = (await new CopyRelease(On(to)).Run(from, A.App, release.Id, A.App, Cancel)).Release;
        var artifact = copy.Services[A.Web].Artifact!;
        Assert.Equal(release.Services[A.Web].Artifact!.Digest, artifact.Digest);
        Assert.Null(await to.Artifacts.Verify(artifact, Cancel));
        var unpacked = Path.Combine(Temporary, "unpacked");
        await new LocalArtifactStore(OtherHome, Time).Materialize(artifact, unpacked, cancel: Cancel);
        Assert.Equal(RoundTripTests.Shape(Published, writable: false), RoundTripTests.Shape(unpacked, writable: false));
        Assert.Empty(StoreChecker.Faults(OtherHome));
    }

    [Fact]
    public async Task An_artifact_that_is_there_already_is_not_sent()
    {
        await using var from = From();
        await using var to = To();
        var release = await Released(from);
        await new CopyRelease(On(to)).Run(from, A.App, release.Id, A.App, Cancel);
        var stored = new LocalArtifactStore(OtherHome, Time).FilesOf(release.Services[A.Web].Artifact!.Digest);
        var inode = Inode(Path.Combine(stored, "Hello.dll"));
        await new CopyRelease(On(to)).Run(from, A.App, release.Id, AppName.Parse("another"), Cancel);
        Assert.Equal(inode, Inode(Path.Combine(stored, "Hello.dll")));
    }

    [Fact]
    public async Task One_that_changes_while_it_is_copied_is_refused_and_leaves_nothing()
    {
        await using var from = From();
        await using var to = To();
        var release = await Released(from);
        var artifact = release.Services[A.Web].Artifact!;
        await using var content = (await from.Artifacts.Open(artifact, Cancel))!;
        Tamper(Stored(artifact, "Hello.dll"), f => File.WriteAllText(f, "tampered"));
        var refused = await Assert.ThrowsAsync<ProblemException>(
            () => to.Artifacts.Receive(new(A.App, A.Web, BuildId.New(), artifact, content), Cancel));
        Assert.Equal(ProblemCode.DamagedArtifact, refused.Problems[0].Code);
        Assert.Empty(StoreChecker.Artifacts(OtherHome));
        Assert.Empty(Directory.EnumerateDirectories(OtherHome.Artifacts));
    }
}
