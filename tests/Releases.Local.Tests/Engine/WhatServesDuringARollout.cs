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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_release_that_is_rejected_never_serves_while_no_old_process_is_healthy(bool daemonDies)
    {
        await using var run = await EngineRun.Make();
        var (cancel, healthy) = (TestContext.Current.CancellationToken, run.File("healthy"));
        await File.WriteAllTextAsync(healthy, "", cancel);
        var first = await run.Begin(Web, new() { ["HEALTHY_WHEN"] = healthy });
        await run.Complete(first);
        var old = first.Service.Rollout;
        await run.World.Engine.Settle(old, A.Promotion(old.Release, PromotionStatus.Succeeded) with { Id = old.Promotion }, cancel);
        var process = Assert.Single(run.World.Processes).ProcessId!.Value;
        var next = await run.Begin(Web, []);
        await run.UntilHealthy(next);

        File.Delete(healthy);
        if (daemonDies)
        {
            await run.World.Die(old);
            await run.World.Engine.Start(next.Service, cancel);
            await run.UntilHealthy(next);
        }
        else await EngineRun.Kill(process);

        await Patience.Until(() => Task.FromResult(
            run.World.Processes.Any(p => p.Release == first.Release && p.ProcessId != process && p.Status == ProcessStatus.Starting)));
        await run.World.Engine.Undo(next.Service, cancel);
        for (var i = 0; i < 10; i++) Assert.Null(await run.Serves());
        Assert.NotEqual(ObservedState.Complete, (await Undone()).State);

        await File.WriteAllTextAsync(healthy, "", cancel);
        await Patience.Until(async () => (await Undone()).State == ObservedState.Complete);
        Assert.Equal(first.Release, await run.Serves());

        async Task<Observation> Undone() => (await run.World.Engine.ObserveUndo([next.Service], cancel))[next.Service.Name];
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
