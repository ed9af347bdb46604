using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>The previous release serves until the new one is proven, whatever becomes of its processes meanwhile.</summary>
public sealed class WhatServesDuringARollout
{
    private const string Web = "  web:\n    port: 8080\n    health: /health\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_old_process_that_is_killed_is_started_again_and_the_new_one_never_serves_in_its_place(bool newOneIsHealthy)
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var old = Assert.Single(run.World.Processes).ProcessId!.Value;
        var next = await run.Begin(Web, newOneIsHealthy ? [] : new() { ["LISTEN_WHEN"] = run.File("never") });
        if (newOneIsHealthy) await run.UntilHealthy(next);

        await EngineRun.Kill(old);
        var served = new HashSet<ReleaseId?>();
        await Patience.Until(async () =>
        {
            if (run.World.Processes.All(p => p.ProcessId != old)) served.Add(await run.Serves());
            return served.Contains(first.Id);
        });

        Assert.DoesNotContain(next.Release, served);
        Assert.Equal(1, run.World.Processes.Single(p => p.Release == first.Id).Restarts);
        Assert.Equal(newOneIsHealthy ? ObservedState.Healthy : ObservedState.Starting, (await run.Observe(next)).State);
        if (newOneIsHealthy) await run.Complete(next);
    }

    [Fact]
    public async Task Services_show_the_release_that_answers()
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var next = await run.Begin(Web, []);
        Assert.Equal((first.Id, 1), Shown());
        await run.UntilHealthy(next);
        Assert.Equal((first.Id, 1), Shown());
        await run.Complete(next);
        Assert.Equal((next.Release, 1), Shown());

        (ReleaseId?, int) Shown()
        {
            var web = Assert.Single(run.World.Services);
            return (web.Release, web.Desired);
        }
    }
}
