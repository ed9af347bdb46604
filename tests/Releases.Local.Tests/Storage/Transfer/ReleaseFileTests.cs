using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using Releases.Local.Tests.Storage.Artifacts;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage.Transfer;

/// <summary>A release in a file: what other tools read of it, what is refused, and what it costs.</summary>
public sealed class ReleaseFileTests : TransferTest
{
    [Fact]
    public async Task It_becomes_a_release_of_the_same_app_in_another_home_and_needs_no_rack_of_its_own()
    {
        var exported = await Export();
        var imported = (await Import()).Release;
        Assert.Equal((A.App, exported.Release.Id), (imported.App, imported.Origin!.Release));
        Assert.Equal(exported.Release.Services[A.Web].Artifact!.Digest, imported.Services[A.Web].Artifact!.Digest);
        Assert.Equal((await Import(digest: exported.Digest)).Release.Id, imported.Id);
        Assert.Equal("another", (await Import(AppName.Parse("another"))).Release.App.ToString());
        Assert.Empty(StoreChecker.Faults(OtherHome));
    }

    [Fact]
    public async Task The_same_release_is_the_same_file()
    {
        var exported = await Export();
        var first = await File.ReadAllBytesAsync(ReleaseFile, Cancel);
        await using var rack = From();
        await new ExportRelease(On(rack)).Run(A.App, exported.Release.Id, _ => ReleaseFile, Cancel);
        Assert.Equal(first, await File.ReadAllBytesAsync(ReleaseFile, Cancel));
    }

    [Fact]
    public async Task A_file_in_a_folder_that_is_not_there_is_refused_with_what_to_do()
    {
        var exported = await Export();
        await using var rack = From();
        var missing = Path.Combine(Temporary, "missing", "hello.tar");
        var refused = await Assert.ThrowsAsync<ProblemException>(
            () => new ExportRelease(On(rack)).Run(A.App, exported.Release.Id, _ => missing, Cancel));
        Assert.Equal(
            (ProblemCode.ReleaseFile, $"there is no folder '{Path.GetDirectoryName(missing)}'. Nothing was exported."),
            (refused.Problems[0].Code, refused.Problems[0].Text));
        Assert.False(Directory.Exists(Path.GetDirectoryName(missing)));
        refused = await Assert.ThrowsAsync<ProblemException>(
            () => new ExportRelease(On(rack)).Run(A.App, exported.Release.Id, _ => Temporary, Cancel));
        Assert.Equal(
            ($"'{Temporary}' is a folder. Nothing was exported.", "Name a file in it"),
            (refused.Problems[0].Text, refused.Problems[0].Remedy!.Steps[0].Words));
    }

    [Fact]
    public async Task Skopeo_reads_the_image_of_a_service_and_copies_it()
    {
        Write("Größe ☕.txt", "x");
        Write("run.sh", "#!/bin/sh", executable: true);
        await Export();
        var inspected = await Run("skopeo", "inspect", $"oci-archive:{ReleaseFile}:web");
        Assert.Contains("\"dotnet-convox.artifact\": \"sha256:", inspected, StringComparison.Ordinal);
        var copy = Path.Combine(Temporary, "layout");
        await Run("skopeo", "copy", "--dest-oci-accept-uncompressed-layers", $"oci-archive:{ReleaseFile}:web", $"oci:{copy}:web");
        await Run("skopeo", "inspect", $"oci:{copy}:web");
        var layers = Directory.GetFiles(Path.Combine(copy, "blobs", "sha256")).Select(f => File.ReadAllBytes(f)).Where(b => b[0] != '{');
        await File.WriteAllBytesAsync(Path.Combine(Temporary, "layer.tar"), Assert.Single(layers), Cancel);
        var listed = await Run("tar", "tvf", Path.Combine(Temporary, "layer.tar"));
        Assert.Matches(@"-rwxr-xr-x.* app/run\.sh", listed);
        Assert.Contains("app/wwwroot/index.html", listed, StringComparison.Ordinal);
    }

    /// <summary>Every byte of the content counts; what only fills up a tar does not.</summary>
    [Theory]
    [InlineData("assembly", "assembIy")]
    [InlineData("\"number\":1", "\"number\":2")]
    [InlineData("org.opencontainers.image.ref.name", "org.opencontainers.image.ref.nome", true)]
    [InlineData("dotnet-convox.release\":\"sha256:", "dotnet-convox.release\":\"sha257:")]
    [InlineData("blobs/sha256/", "blobs/sha512/")]
    public async Task One_that_was_changed_is_refused_before_anything_is_stored(string was, string becomes, bool isHarmless = false)
    {
        await Export();
        var bytes = await File.ReadAllBytesAsync(ReleaseFile, Cancel);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(was));
        Assert.True(at > 0);
        Encoding.UTF8.GetBytes(becomes).CopyTo(bytes, at);
        await File.WriteAllBytesAsync(ReleaseFile, bytes, Cancel);
        if (isHarmless) await Import();
        else await IsRefused();
    }

    [Fact]
    public async Task One_that_is_cut_off_anywhere_or_is_no_such_file_is_refused()
    {
        await Export();
        var bytes = await File.ReadAllBytesAsync(ReleaseFile, Cancel);
        foreach (var length in (int[])[0, 1, 300, 512, 700, 2048, bytes.Length / 3, bytes.Length / 2])
        {
            await File.WriteAllBytesAsync(ReleaseFile, bytes[..length], Cancel);
            await IsRefused();
        }

        await File.WriteAllTextAsync(ReleaseFile, new string('x', 5000), Cancel);
        await IsRefused();
        File.Delete(ReleaseFile);
        await IsRefused();
    }

    [Fact]
    public async Task Another_file_than_was_exported_is_refused_by_the_digest_that_export_printed()
    {
        await Export();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Import(digest: A.Artifact().Digest));
        Assert.Equal(ProblemCode.ReleaseFile, refused.Problems[0].Code);
    }

    [Theory]
    [InlineData("app/../../escaped")]
    [InlineData("/app/absolute")]
    [InlineData("elsewhere/file")]
    public async Task A_layer_with_a_path_out_of_its_folder_is_refused(string path)
    {
        using var layer = new MemoryStream();
        await using (var tar = new TarWriter(layer, leaveOpen: true))
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream("x"u8.ToArray()) },
                Cancel);
        layer.Position = 0;
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            FolderLayer.Unpack(layer, Directory.CreateDirectory(Path.Combine(Temporary, "in")).FullName, Cancel));
        Assert.False(File.Exists(Path.Combine(Temporary, "escaped")));
    }

    [Fact]
    public async Task A_link_is_never_written_through()
    {
        using var layer = new MemoryStream();
        await using (var tar = new TarWriter(layer, leaveOpen: true))
        {
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.SymbolicLink, "app/out") { LinkName = Temporary }, Cancel);
            await tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.SymbolicLink, "app/out/link") { LinkName = "x" }, Cancel);
        }

        layer.Position = 0;
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            FolderLayer.Unpack(layer, Directory.CreateDirectory(Path.Combine(Temporary, "in")).FullName, Cancel));
        Assert.Null(new FileInfo(Path.Combine(Temporary, "link")).LinkTarget);
    }

    [Fact]
    public async Task A_file_of_any_size_goes_through_little_memory()
    {
        const long size = 128L * 1024 * 1024;
        using (var large = File.Create(Path.Combine(Published, "large.bin"))) large.SetLength(size);
        Release release;
        await using (var rack = From()) release = await Released(rack);
        var sparing = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = $"{24 * 1024 * 1024:X}" };
        Assert.Equal(0, (await Process(sparing, "export", Home.Folder, release.Id.ToString(), ReleaseFile)).Exit);
        Assert.InRange(new FileInfo(ReleaseFile).Length, size, size + 1024 * 1024);
        Assert.Equal(0, (await Process(sparing, "import", OtherHome.Folder, ReleaseFile)).Exit);
    }

    [Theory]
    [InlineData("CONVOX_FAILPOINT")]
    [InlineData("CONVOX_FAILPOINT_FILES")]
    public async Task Killed_at_any_write_it_leaves_a_complete_release_or_none(string failPoint)
    {
        await Export();
        var moments = 0;
        for (var exit = -1; exit != 0; moments++)
        {
            if (Directory.Exists(OtherHome.Folder)) Empty();
            (exit, _) = await Process(new Dictionary<string, string> { [failPoint] = $"{moments + 1}" }, "import",
                OtherHome.Folder, ReleaseFile);
            await using var rack = To();
            var left = await rack.Store.FindApp(A.App, Cancel) is null ? [] : await rack.Store.ListReleases(A.App, 10, cancel: Cancel);
            foreach (var release in left) Assert.Null(await rack.Artifacts.Verify(release.Services[A.Web].Artifact!, Cancel));
            Assert.Empty(StoreChecker.Faults(OtherHome));
            var next = (await Import()).Release;
            Assert.Null(await rack.Artifacts.Verify(next.Services[A.Web].Artifact!, Cancel));
            Assert.Equal(1, next.Number);
        }

        Assert.InRange(moments, 5, 100);
    }

    private void Empty()
    {
        foreach (var artifact in Directory.GetDirectories(OtherHome.Artifacts)) TemporaryFolders.Delete(artifact);
        Directory.Delete(OtherHome.Folder, recursive: true);
    }

    private async Task IsRefused()
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Import());
        Assert.Equal(ProblemCode.ReleaseFile, refused.Problems[0].Code);
        Assert.Empty(StoreChecker.Artifacts(OtherHome));
        await using var rack = To();
        Assert.Empty(await rack.Store.ListApps(Cancel));
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
