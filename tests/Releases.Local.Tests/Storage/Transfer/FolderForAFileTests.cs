using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A backup whose file is a folder.</summary>
public sealed class FolderForAFileTests : TransferTest
{
    [Fact]
    public async Task A_folder_is_not_taken_for_a_file_to_write_or_to_read()
    {
        await using (var rack = From()) await Released(rack);
        var refused = (await Assert.ThrowsAsync<ProblemException>(
            () => new BackUpHome(Home, TimeProvider.System).Run(Temporary, withKey: false, Cancel))).Problems[0];
        Assert.Equal(
            (ProblemCode.Backup, $"'{Temporary}' is a folder. No backup was written. Name a file in it."), (refused.Code, refused.Sentence));
        refused = (await Assert.ThrowsAsync<ProblemException>(
            () => new RestoreHome(OtherHome, TimeProvider.System).Run(Temporary, replace: false, Cancel))).Problems[0];
        Assert.Equal(
            (ProblemCode.Backup, $"'{Temporary}' can't be read: it is a folder. Nothing was restored. Name a file in it."),
            (refused.Code, refused.Sentence));
    }
}
