using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>What file systems can do differs, and so does what is left on them.</summary>
public sealed class FileSystemTests : ArtifactTest
{
    private const int TooManyLinks = 31;

    [Fact]
    public async Task Without_hard_links_each_artifact_has_its_own_files_and_everything_else_is_the_same()
    {
        using var elsewhere = new SmallDisk(1024);
        HomeFolder.CreatePrivate(Home.Folder);
        // No link leads from one file system to another.
        Directory.CreateSymbolicLink(Home.Files, elsewhere.Path);
        var one = await Store();
        Write("Hello.dll", "another assembly");
        var two = await Store();
        await Store();
        Assert.NotEqual(Inode(Stored(one, "wwwroot/index.html")), Inode(Stored(two, "wwwroot/index.html")));
        Assert.Empty(StoreChecker.Files(Home));
        Assert.Empty(StoreChecker.Faults(Home));

        Tamper(Stored(two, "Hello.dll"), file => File.WriteAllText(file, "ANOTHER ASSEMBLY"));
        Assert.NotNull(await Artifacts.Verify(two, Cancel));
        await Store();
        await Artifacts.Materialize(two, Path.Combine(Temporary, "copy"), cancel: Cancel);
        Assert.Empty(StoreChecker.Faults(Home));
        Assert.Empty(Directory.GetDirectories(Home.Artifacts, ".making-*"));
    }

    [Fact]
    public async Task A_file_that_has_as_many_names_as_it_can_have_is_stored_once_more()
    {
        var first = await Store();
        var stored = Stored(first, "wwwroot/index.html");
        var names = Directory.CreateDirectory(Path.Combine(Home.Folder, "names")).FullName;
        const int more = 70_000;
        for (var n = 0; ; n++)
        {
            Assert.SkipWhen(n == more, "This file system allows more names than anybody has artifacts.");
            if (NativeProcess.link(stored, Path.Combine(names, $"{n}")) == 0) continue;
            Assert.Equal(TooManyLinks, System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
            break;
        }

        Write("Hello.dll", "another assembly");
        var second = await Store();
        Write("Hello.dll", "a third assembly");
        var third = await Store();
        Assert.NotEqual(Inode(stored), Inode(Stored(second, "wwwroot/index.html")));
        Assert.Equal(Inode(Stored(second, "wwwroot/index.html")), Inode(Stored(third, "wwwroot/index.html")));
        Assert.Empty(StoreChecker.Faults(Home));
    }

    [Fact]
    public async Task A_disk_that_is_full_at_any_point_leaves_what_was_stored_and_nothing_of_what_was_not()
    {
        using var disk = new SmallDisk(4096);
        var home = new LocalHome(Path.Combine(disk.Path, "convox"));
        var artifacts = new LocalArtifactStore(home, Time) { Converts = true };
        var first = await artifacts.Store(Published, "Hello", Cancel);
        foreach (var n in Enumerable.Range(0, 10))
            await File.WriteAllBytesAsync(Write($"lib/{n}.dll", ""), RandomNumberGenerator.GetBytes(20_000), Cancel);

        Artifact? second = null;
        var refused = 0;
        for (var room = 0; second is null; room += 16 * 1024)
        {
            disk.Fill(leave: room);
            try
            {
                second = await artifacts.Store(Published, "Hello", Cancel);
            }
            catch (ProblemException full)
            {
                Assert.Equal(ProblemCode.DiskFull, full.Problems[0].Code);
                Assert.Equal(home.ArtifactOf(first.Digest), Assert.Single(Directory.GetDirectories(home.Artifacts)));
                refused++;
            }

            disk.Empty();
            Assert.Empty(StoreChecker.Faults(home));
            Assert.Empty(StoreChecker.Unnamed(home));
        }

        Assert.InRange(refused, 5, 100);
        Assert.Null(await artifacts.Verify(first, Cancel));
        Assert.Null(await artifacts.Verify(second!, Cancel));
        disk.Fill(leave: 32 * 1024);
        var copy = Path.Combine(home.Work, "copy");
        var thrown = await Assert.ThrowsAsync<ProblemException>(() => artifacts.Materialize(second!, copy, cancel: Cancel));
        Assert.Equal(ProblemCode.DiskFull, thrown.Problems[0].Code);
        Assert.Empty(Directory.GetFileSystemEntries(home.Work));
    }

    [Fact]
    public async Task On_XFS_a_working_copy_is_a_clone_and_takes_no_space()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/mkfs.xfs"), "Root makes a file system with mkfs.xfs.");
        var image = Path.Combine(Temporary, "xfs");
        await using (var file = File.Create(image)) file.SetLength(400L << 20);
        var mounted = Directory.CreateDirectory(Path.Combine(Temporary, "mounted")).FullName;
        await Run("/usr/sbin/mkfs.xfs", "-q", "-m", "reflink=1", image);
        await Run("mount", "-o", "loop", image, mounted);
        try
        {
            var home = new LocalHome(Path.Combine(mounted, "convox"));
            await File.WriteAllBytesAsync(Write("large.dll", ""), RandomNumberGenerator.GetBytes(50 << 20), Cancel);
            var artifacts = new LocalArtifactStore(home, Time);
            var artifact = await artifacts.Store(Published, "Hello", Cancel);
            await Run("sync", "-f", mounted);
            var before = new DriveInfo(mounted).AvailableFreeSpace;
            var copy = Path.Combine(home.Work, "copy");
            await artifacts.Materialize(artifact, copy, cancel: Cancel);
            await Run("sync", "-f", mounted);
            var taken = before - new DriveInfo(mounted).AvailableFreeSpace;
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{taken:N0} bytes"));
            Assert.InRange(taken, -(1 << 20), 5 << 20);

            await File.WriteAllTextAsync(Path.Combine(copy, "large.dll"), "written by the app", Cancel);
            Assert.Null(await artifacts.Verify(artifact, Cancel));
        }
        finally
        {
            await Run("umount", mounted);
        }
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, process.ExitCode);
    }
}
