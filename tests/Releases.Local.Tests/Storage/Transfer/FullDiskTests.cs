using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A backup on a disk that has no room for it.</summary>
public sealed class FullDiskTests : TransferTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(120)]
    public async Task A_backup_that_finds_no_room_names_its_file_leaves_nothing_and_keeps_the_one_before(int kibibytes)
    {
        await using (var rack = From()) await Released(rack);
        using var disk = new SmallDisk(4096);
        var file = Path.Combine(disk.Path, "convox.backup");
        await File.WriteAllTextAsync(file, "the one before", Cancel);
        disk.Fill(kibibytes * 1024);
        var refused = await Assert.ThrowsAsync<ProblemException>(
            () => new BackUpHome(Home, TimeProvider.System).Run(file, withKey: false, Cancel));
        Assert.Equal(
            (ProblemCode.DiskFull, $"the disk under '{file}' is full. No backup was written; the rack isn't affected."),
            (refused.Problems[0].Code, refused.Problems[0].Text));
        Assert.Equal("the one before", await File.ReadAllTextAsync(file, Cancel));
        Assert.Equal(["convox.backup", "filler"], Directory.EnumerateFileSystemEntries(disk.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_read_only_disk_is_named_as_one_by_a_backup_and_an_export()
    {
        await using var rack = From();
        var release = await Released(rack);
        using var disk = new SmallDisk(64);
        disk.MakeReadOnly();
        var file = Path.Combine(disk.Path, "file");
        var refused = await Assert.ThrowsAsync<ProblemException>(
            () => new BackUpHome(Home, TimeProvider.System).Run(file, withKey: false, Cancel));
        Assert.Equal(
            (ProblemCode.Backup, $"'{file}' is on a read-only file system. No backup was written. "
                + "Choose a file on another disk, or mount it for writing."), (refused.Problems[0].Code, refused.Problems[0].Sentence));
        refused = await Assert.ThrowsAsync<ProblemException>(
            () => new ExportRelease(On(rack)).Run(A.App, release.Id, _ => file, Cancel));
        Assert.Equal(
            (ProblemCode.ReleaseFile, $"'{file}' is on a read-only file system. Nothing was exported."),
            (refused.Problems[0].Code, refused.Problems[0].Text));
    }
}
