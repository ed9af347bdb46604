using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>A process that is killed at each of its writes: what was stored stays sound, and the next process finishes the work.</summary>
public sealed class CrashTests : ArtifactTest
{
    private static readonly TimeSpan Later = TimeSpan.FromDays(2);

    [Fact]
    public async Task While_it_stores_loses_nothing_and_leaves_nothing()
    {
        var first = await Store();
        Write("Hello.dll", "another assembly");
        Write("wwwroot/one.txt", "same in two files");
        Write("wwwroot/two.txt", "same in two files");
        await KilledAtEveryWrite(
            atLeast: 10, () => Process(0, "store", Home.Folder, Published), moment => Process(moment, "store", Home.Folder, Published),
            async () =>
            {
                Assert.Null(await Artifacts.Verify(first, Cancel));
                foreach (var made in StoreChecker.Artifacts(Home).Where(a => a != Home.ArtifactOf(first.Digest)))
                    TemporaryFolders.Delete(made);
                new StoredFiles(Home).RemoveUnnamed();
            });
    }

    [Fact]
    public async Task While_it_repairs_a_damaged_artifact_does_not_make_another_one_worse()
    {
        var damaged = await Store();
        Write("Hello.dll", "another assembly");
        var sound = await Store();
        Write("Hello.dll", "assembly");
        var worker = Published;
        await KilledAtEveryWrite(
            atLeast: 6, () => Process(0, "store", Home.Folder, worker),
            async moment =>
            {
                Tamper(Stored(damaged, "Hello.dll"), file => File.WriteAllText(file, "ASSEMBLY"));
                return await Process(moment, "store", Home.Folder, worker);
            },
            async () => Assert.Null(await Artifacts.Verify(sound, Cancel)), isSoundMeanwhile: false);
        Assert.Null(await Artifacts.Verify(damaged, Cancel));
    }

    [Fact]
    public async Task While_it_converts_an_artifact_of_an_older_version_leaves_one_that_works()
    {
        var artifact = await Store();
        Write("Hello.dll", "another assembly");
        await Store();
        var copy = Path.Combine(Temporary, "copy");
        await KilledAtEveryWrite(
            atLeast: 5, () => Process(0, "copy", Home.Folder, artifact.Digest, copy),
            async moment =>
            {
                Unshare(Home.ArtifactOf(artifact.Digest));
                return await Process(moment, "copy", Home.Folder, artifact.Digest, copy);
            },
            async () =>
            {
                Assert.Null(await Artifacts.Verify(artifact, Cancel));
                if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
            });
        Assert.Equal(2u, FileStat.Of(Stored(artifact, "Hello.dll"))!.Value.Links);
        Assert.Equal(3u, FileStat.Of(Stored(artifact, "wwwroot/index.html"))!.Value.Links);
    }

    /// <summary>Kills at the first write, then at the second, until one run gets through.</summary>
    private async Task KilledAtEveryWrite(
        int atLeast, Func<Task<(int Exit, string Out)>> again, Func<int, Task<(int Exit, string Out)>> killed, Func<Task> check,
        bool isSoundMeanwhile = true)
    {
        for (var moment = 1; ; moment++)
        {
            var run = await killed(moment);
            if (isSoundMeanwhile) IsSound();
            var next = await again();
            Assert.Equal((0, ""), (next.Exit, next.Exit == 0 ? "" : next.Out));
            IsSound();
            Time.Advance(Later);
            new TemporaryFolders(Time).Sweep(Home.Artifacts);
            Assert.Empty(Directory.GetDirectories(Home.Artifacts, ".making-*"));
            Assert.Empty(StoreChecker.Unnamed(Home));
            await check();
            if (run.Exit == 0)
            {
                Assert.True(moment > atLeast, $"It has only {moment - 1} writes.");
                return;
            }

            Assert.Equal(128 + NativeProcess.SIGKILL, run.Exit);
        }
    }

    /// <summary>An artifact as version 0.1 stored it: every file its own, no manifest.</summary>
    private static void Unshare(string artifact)
    {
        if (OperatingSystem.IsWindows()) return;
        File.Delete(Path.Combine(artifact, ArtifactManifest.FileName));
        foreach (var file in Directory.GetFiles(Path.Combine(artifact, "files"), "*", SearchOption.AllDirectories))
        {
            var content = File.ReadAllBytes(file);
            File.Delete(file);
            File.WriteAllBytes(file, content);
            File.SetUnixFileMode(file, PublishEntry.Mode(executable: false, writable: false));
        }
    }
}
