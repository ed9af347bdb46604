using Releases.Testing;
using Xunit;

namespace Releases.Tests;

/// <summary>What to do about a file that can't be written fits what keeps it from being written.</summary>
public sealed class FileTargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("target-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_and_what_is_not_in_one_are_known_before_anything_is_written()
    {
        var plain = Path.Combine(_folder, "plain");
        File.WriteAllText(plain, "");
        Assert.Null(FileTarget.Refused(plain));
        Assert.Null(FileTarget.Refused(Path.Combine(_folder, "new")));
        Assert.Equal(new($"'{_folder}' is a folder.", "Name a file in it"), FileTarget.Refused(_folder));
        Assert.Equal(
            new($"there is no folder '{_folder}/no/such'.", "Create it, or choose another file"),
            FileTarget.Refused(Path.Combine(_folder, "no", "such", "file")));
        Assert.Equal(
            new($"'{plain}' is a file, not a folder.", "Choose another file"),
            FileTarget.Refused(Path.Combine(plain, "sub", "file")));
    }

    [Fact]
    public void A_device_a_pipe_and_a_link_to_one_are_no_files()
    {
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, "/dev/null");
        foreach (var path in (string[])["/dev/null", link])
            Assert.Equal(new($"'{path}' is a device, a pipe or a socket, not a file.", "Choose a file"), FileTarget.Refused(path));
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In);
        Assert.NotNull(FileTarget.Refused($"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}"));
    }

    [Fact]
    public async Task A_link_is_written_through()
    {
        var (link, target) = (Path.Combine(_folder, "link"), Path.Combine(_folder, "target"));
        File.CreateSymbolicLink(link, "target");
        Assert.Null(FileTarget.Refused(link));
        // The first time there is no target yet.
        foreach (var text in (string[])["one", "two"])
        {
            AtomicFile.Write(FileTarget.Followed(link), System.Text.Encoding.UTF8.GetBytes(text));
            Assert.Equal(text, await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
            Assert.NotNull(new FileInfo(link).LinkTarget);
        }

        File.CreateSymbolicLink(link + "2", "no/such/file");
        Assert.Equal($"there is no folder '{_folder}/no/such'.", FileTarget.Refused(link + "2")?.Message);
    }

    [Theory]
    [InlineData(1000, "1777", 0, 1000, false)]
    [InlineData(1001, "1777", 0, 1000, true)]
    [InlineData(1001, "1777", 0, 0, true)]
    [InlineData(0, "1777", 0, 1000, false)]
    [InlineData(1001, "0777", 0, 1000, false)]
    [InlineData(1001, "1755", 0, 1000, false)]
    public void Whose_link_is_followed_is_as_with_protected_symlinks(uint owner, string mode, uint folderOwner, uint user, bool isForeign) =>
        Assert.Equal(isForeign, SpecialFile.IsForeign(owner, (UnixFileMode)Convert.ToInt32(mode, 8), folderOwner, user));

    [Fact]
    public void A_link_that_another_user_put_into_a_folder_for_everybody_is_refused_and_not_followed()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Only root can give a link away.");
            return;
        }

        var (link, target) = (Path.Combine(_folder, "link"), Path.Combine(_folder, "mine"));
        File.WriteAllText(target, "");
        File.CreateSymbolicLink(link, target);
        using (var chown = System.Diagnostics.Process.Start("chown", ["-h", "65534", link])) chown.WaitForExit();
        Assert.Equal(target, FileTarget.Followed(link));
        new DirectoryInfo(_folder).UnixFileMode |= UnixFileMode.StickyBit | UnixFileMode.OtherWrite;
        Assert.Equal(link, FileTarget.Followed(link));
        Assert.Equal(new($"'{link}' is a link of another user.", "Choose another file"), FileTarget.Refused(link));
        File.CreateSymbolicLink(link + "2", link);
        Assert.Equal($"'{link}' is a link of another user.", FileTarget.Refused(link + "2")?.Message);
    }

    [Fact]
    public void A_denied_access_a_path_that_is_too_long_and_anything_else()
    {
        var file = Path.Combine(_folder, "file");
        Assert.Equal(
            new($"this user can't write '{file}'.", "Give the user access to its folder, or choose another file"),
            FileTarget.Failed(new UnauthorizedAccessException(), file));
        var endless = Path.Combine(_folder, new string('a', 300));
        Assert.Equal(
            new($"'{endless}' is too long for a path.", "Choose a shorter one"),
            FileTarget.Failed(Assert.ThrowsAny<Exception>(() => File.WriteAllText(endless, "")), endless));
        Assert.Equal(
            new($"'{file}' can't be written: Broken pipe.", "Choose another file"),
            FileTarget.Failed(new IOException($"Broken pipe : '{file}'"), file));
    }

    [Fact]
    public void A_disk_that_is_full_or_read_only()
    {
        using var disk = new SmallDisk(64);
        var file = Path.Combine(disk.Path, "file");
        disk.Fill(0);
        Assert.Equal(
            new($"the disk under '{file}' is full.", "Free some space, or choose a file on another disk"),
            FileTarget.Failed(Assert.Throws<IOException>(() => File.WriteAllBytes(file, new byte[128 * 1024])), file));
        disk.MakeReadOnly();
        Assert.Equal(
            new($"'{file}' is on a read-only file system.", "Choose a file on another disk, or mount it for writing"),
            FileTarget.Failed(Assert.Throws<IOException>(() => File.WriteAllText(file, "")), file));
    }
}
