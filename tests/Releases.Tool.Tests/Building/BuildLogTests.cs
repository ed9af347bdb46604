using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What a build prints is stored within seconds, also if it then prints nothing for a long time.</summary>
public sealed class BuildLogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_are_stored_within_seconds_although_no_other_follows()
    {
        var (store, time) = (new InMemoryReleaseStore(), new WaitedForTime(A.Moment));
        await store.App(cancel: Cancel);
        var build = A.Build();
        await store.SaveBuild(build, Cancel);
        await using var log = new BuildLog(store, new Redactor([]), _ => { }, time);
        log.KeepWith(build);
        log.Add("Determining projects to restore...");
        log.Add("Restoring");

        await time.PassesUntil(Patience.Until(async () => (await Stored()).Contains("Restoring", StringComparison.Ordinal)));
        Assert.Equal("Determining projects to restore...\nRestoring\n", await Stored());
        Assert.InRange(time.GetUtcNow() - A.Moment, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));

        log.Add("Restored");
        await log.End();
        Assert.EndsWith("\nRestoring\nRestored\n", await Stored(), StringComparison.Ordinal);

        async Task<string> Stored() => string.Concat(await store.ReadBuildLog(A.App, build.Id, cancel: Cancel));
    }
}
