using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

/// <summary>What is swept of a folder that others write to as well, such as <c>/tmp</c>.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TemporaryFoldersTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sweep-");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(2));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_link_is_not_followed()
    {
        var elsewhere = _folder.CreateSubdirectory("elsewhere");
        var inner = elsewhere.CreateSubdirectory("inner");
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead;
        File.SetUnixFileMode(inner.FullName, mode);
        var link = Path.Combine(_folder.FullName, ".making-link");
        Directory.CreateSymbolicLink(link, elsewhere.FullName);

        new TemporaryFolders(_time).Sweep(_folder.FullName);

        Assert.True(Directory.Exists(inner.FullName));
        Assert.Equal(mode, File.GetUnixFileMode(inner.FullName));
        Assert.Equal(elsewhere.FullName, new DirectoryInfo(link).LinkTarget);
    }

    [Fact]
    public void Only_this_users_are_removed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can give folders away");
        var (mine, other) = (Left(".making-mine"), Left(".making-other"));
        Process.Start("chown", ["1", other]).WaitForExit();

        new TemporaryFolders(_time).Sweep(_folder.FullName);

        Assert.False(Directory.Exists(mine));
        Assert.True(File.Exists(Path.Combine(other, "file")));
    }

    [Fact]
    public void One_that_cannot_be_removed_keeps_nothing_from_being_made()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can mount");
        var left = Left(".making-busy");
        Assert.SkipUnless(SmallDisk.Bind(left, left), "can't mount here");
        try
        {
            new TemporaryFolders(_time).Sweep(_folder.FullName);
            Assert.True(Directory.Exists(left));
        }
        finally
        {
            SmallDisk.Unbind(left);
        }
    }

    private string Left(string name)
    {
        var folder = _folder.CreateSubdirectory(name).FullName;
        File.WriteAllText(Path.Combine(folder, "file"), "x");
        return folder;
    }
}
