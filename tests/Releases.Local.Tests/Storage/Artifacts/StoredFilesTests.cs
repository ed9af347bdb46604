using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>Files that several artifacts have in common.</summary>
public sealed class StoredFilesTests : ArtifactTest
{
    [Fact]
    public async Task Are_stored_once_and_a_copy_of_them_is_a_file_of_its_own()
    {
        Write("tool", "#!/bin/sh", executable: true);
        Write("tool.txt", "#!/bin/sh");
        Write("wwwroot/again.html", "hello");
        var one = await Store();
        Write("Hello.dll", "another assembly");
        var two = await Store();

        Assert.NotEqual(one.Digest, two.Digest);
        Assert.NotEqual(Inode(Stored(one, "Hello.dll")), Inode(Stored(two, "Hello.dll")));
        foreach (var file in (string[])["tool", "tool.txt", "wwwroot/index.html"])
            Assert.Equal(Inode(Stored(one, file)), Inode(Stored(two, file)));
        Assert.Equal(Inode(Stored(one, "wwwroot/index.html")), Inode(Stored(one, "wwwroot/again.html")));
        Assert.NotEqual(Inode(Stored(one, "tool")), Inode(Stored(one, "tool.txt")));
        Assert.Equal(5, StoreChecker.Files(Home).Count);

        var copy = Path.Combine(Temporary, "copy");
        await Artifacts.Materialize(one, copy, cancel: Cancel);
        Assert.All(Directory.GetFiles(copy, "*", SearchOption.AllDirectories), f => Assert.Equal(1u, FileStat.Of(f)!.Value.Links));
        await File.WriteAllTextAsync(Path.Combine(copy, "wwwroot", "index.html"), "written by the app", Cancel);
        Assert.Null(await Artifacts.Verify(one, Cancel));
        Assert.Null(await Artifacts.Verify(two, Cancel));
        IsSound();
    }

    [Fact]
    public async Task Let_twenty_publishes_of_60_MB_that_change_one_assembly_take_less_than_a_third_more_than_one()
    {
        foreach (var n in Enumerable.Range(0, 120))
            File.WriteAllBytes(Write($"lib{n % 12}/part{n}.dll", ""), RandomNumberGenerator.GetBytes(512 * 1024));
        var assembly = Write("Hello.dll", "");
        long one = 0;
        for (var n = 0; n < 20; n++)
        {
            await File.WriteAllBytesAsync(assembly, RandomNumberGenerator.GetBytes(200 * 1024), Cancel);
            await Store();
            if (n == 0) one = SpaceOf(Home.Folder);
        }

        var all = SpaceOf(Home.Folder);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"one: {one:N0}, twenty: {all:N0}, {(double)all / one:F3} times"));
        Assert.Equal(20, StoreChecker.Artifacts(Home).Count);
        Assert.InRange(one, 60_000_000, 80_000_000);
        Assert.InRange(all, one, (long)(one * 1.3));
    }

    [Theory]
    [InlineData("same size", "was changed after it was stored ('wwwroot/index.html')")]
    [InlineData("same size and time", "was changed after it was stored ('wwwroot/index.html')")]
    [InlineData("truncated", "was changed after it was stored ('wwwroot/index.html')")]
    [InlineData("empty", "was changed after it was stored ('wwwroot/index.html')")]
    public async Task That_were_changed_are_found_name_the_file_and_are_made_again_by_the_next_publish(string how, string sentence)
    {
        var artifact = await Store();
        await Store();
        Tamper(Stored(artifact, "wwwroot/index.html"), file =>
        {
            var time = File.GetLastWriteTimeUtc(file);
            File.WriteAllText(file, how switch { "truncated" => "hel", "empty" => "", _ => "HELLO" });
            if (how == "same size and time") File.SetLastWriteTimeUtc(file, time);
        });

        var problem = await Artifacts.Verify(artifact, Cancel);
        Assert.Equal(ProblemCode.DamagedArtifact, problem?.Code);
        Assert.Contains(sentence, problem!.Message, StringComparison.Ordinal);
        var copy = Path.Combine(Temporary, "copy");
        var thrown = await Assert.ThrowsAsync<ProblemException>(() => Artifacts.Materialize(artifact, copy, cancel: Cancel));
        Assert.Equal(problem.Message, thrown.Problems[0].Message);
        Assert.False(Directory.Exists(copy));

        Assert.Equal(artifact.Digest, (await Store()).Digest);
        Assert.Null(await Artifacts.Verify(artifact, Cancel));
        IsSound();
    }

    [Fact]
    public async Task That_were_changed_are_in_no_later_artifact_even_if_nobody_has_looked()
    {
        var first = await Store();
        await Store();
        Tamper(Stored(first, "wwwroot/index.html"), file => File.WriteAllText(file, "HELLO"));
        Write("Hello.dll", "another assembly");
        var second = await Store();
        Assert.Null(await Artifacts.Verify(second, Cancel));
        Assert.NotNull(await Artifacts.Verify(first, Cancel));
    }

    [Fact]
    public async Task That_no_artifact_has_are_found_and_removed_and_all_others_stay()
    {
        var first = await Store();
        Write("Hello.dll", "another assembly");
        var second = await Store();
        Assert.Empty(new StoredFiles(Home).Unnamed());

        TemporaryFolders.Delete(Home.ArtifactOf(first.Digest));
        IsSound();
        Assert.Single(StoreChecker.Unnamed(Home));
        Assert.Equal("assembly".Length, new StoredFiles(Home).RemoveUnnamed());
        Assert.Empty(StoreChecker.Unnamed(Home));
        Assert.Null(await Artifacts.Verify(second, Cancel));
        Assert.Equal(2, StoreChecker.Files(Home).Count);
    }

    [Fact]
    public async Task Of_publishes_in_several_processes_at_once_are_still_stored_once()
    {
        foreach (var n in Enumerable.Range(0, 40)) Write($"lib/{n}.dll", $"part {n}");
        var folders = Enumerable.Range(0, 4).Select(n =>
        {
            Write("Hello.dll", $"assembly {n / 2}");
            var folder = Path.Combine(Temporary, $"out{n}");
            using var copying = System.Diagnostics.Process.Start("cp", ["-r", Published, folder]);
            copying.WaitForExit();
            return folder;
        }).ToList();
        var stored = await Task.WhenAll(folders.Select(f => Process(0, "store", Home.Folder, f)));
        Assert.All(stored, s => Assert.Equal(0, s.Exit));
        Assert.Equal(2, stored.Select(s => s.Out).Distinct().Count());
        Assert.Equal(2, StoreChecker.Artifacts(Home).Count);
        Assert.Equal(43, StoreChecker.Files(Home).Count);
        var inodes = Directory.GetFiles(Home.Artifacts, "*.dll", SearchOption.AllDirectories).Select(Inode).Distinct();
        Assert.Equal(42, inodes.Count());
        Assert.Empty(Directory.GetDirectories(Home.Artifacts, ".making-*"));
        IsSound();
    }

    private static long SpaceOf(string folder)
    {
        using var du = System.Diagnostics.Process.Start(new ProcessStartInfo("du", ["-s", "--block-size=1", folder])
        { RedirectStandardOutput = true })!;
        var output = du.StandardOutput.ReadToEnd();
        du.WaitForExit();
        return long.Parse(output.Split('\t')[0], CultureInfo.InvariantCulture);
    }
}
