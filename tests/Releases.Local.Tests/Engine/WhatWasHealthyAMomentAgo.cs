using System.Globalization;
using Releases.Local.Tests.Processes;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>What was verified is verified again before traffic moves to it, and before anybody writes down that it is complete.</summary>
public sealed class WhatWasHealthyAMomentAgo
{
    private const string Web = "  web:\n    port: 8080\n    health: /health\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Its process starts once there is such a file, so that a killed one isn't replaced before the test has seen that.</summary>
    private static string StartsWhen(string file) =>
        $"    command: \"until [ -e {file} ]; do sleep 0.05; done; exec dotnet SampleApp.dll\"\n";

    [Theory]
    [InlineData(100, false)]
    [InlineData(10, true)]
    public async Task A_process_that_hangs_holds_up_the_traffic_of_every_service(int percent, bool keepsOld)
    {
        const string both = Web + "  api:\n    port: 8080\n    health: { path: /health, interval: 3600, timeout: 1 }\n";
        await using var world = await LocalEngineWorld.Make();
        var first = await world.Release(both, [], "web", "api");
        await world.Run(first);
        var next = await world.Release(both, [], "web", "api");
        List<ServiceRollout> services = [.. next.Services.Select(s => new ServiceRollout(next, s, new MemoryJournal()))];
        foreach (var service in services) await world.Engine.Start(service, Cancel);
        await Patience.Until(async () => (await States()).All(s => s == ObservedState.Healthy));
        var hangs = world.Processes.Single(p => p.Release == next.Release.Id && p.Service == ServiceName.Parse("api")).ProcessId!.Value;
        var step = new RolloutStep(percent) { KeepsOld = keepsOld };

        await SuspendedProcess.Suspend(hangs);
        Assert.False(await world.Engine.Confirm(services, Cancel));
        Assert.False(await world.Engine.Route(services, step, Cancel));
        for (var i = 0; i < 20; i++) Assert.Equal(first.Release.Id, await world.Serves("web"));
        Assert.All(world.Services, s => Assert.Equal(first.Release.Id, s.Release));
        Assert.Equal([ObservedState.Starting, ObservedState.Healthy], (await States()).Order());

        SuspendedProcess.Resume(hangs);
        await Patience.Until(() => world.Engine.Route(services, step, Cancel));
        if (!keepsOld) await Patience.Until(async () => (await States()).All(s => s == ObservedState.Complete));
        await Patience.Until(async () => await world.Serves("web") == next.Release.Id);

        async Task<IEnumerable<ObservedState>> States() =>
            (await world.Engine.Observe(services, Cancel)).Values.Select(o => o.State);
    }

    [Fact]
    public async Task A_process_that_is_killed_between_healthy_and_routed_gets_no_traffic_and_what_ran_keeps_it()
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var go = run.File("go");
        await File.WriteAllTextAsync(go, "", Cancel);
        var next = await run.Begin(Web + StartsWhen(go), []);
        await run.UntilHealthy(next);
        var (_, process) = await run.Listening(next);

        File.Delete(go);
        await EngineRun.Kill(process);
        Assert.False(await run.Route(next));
        Assert.NotEqual(ObservedState.Complete, (await run.Observe(next)).State);
        Assert.Equal(first.Id, await run.Serves());

        await File.WriteAllTextAsync(go, "", Cancel);
        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
        Assert.Equal(1, Assert.Single(run.World.Processes).Restarts);
    }

    [Fact]
    public async Task A_port_that_changes_hands_right_before_it_is_routed_gets_no_traffic()
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var end = run.File("end");
        var next = await run.Begin(Web, new() { ["LISTEN_UNTIL"] = end });
        await run.UntilHealthy(next);
        var (told, _) = await run.Listening(next);
        await File.WriteAllTextAsync(end, "");
        Stranger? stranger = null;
        await Patience.Until(() => (stranger = Stranger.TryTake(told)) is not null);
        File.Delete(end);

        Assert.False(await run.Route(next));
        Assert.Equal(first.Id, await run.Serves());
        Assert.NotEqual(ObservedState.Complete, (await run.Observe(next)).State);
        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
        stranger!.Dispose();
    }

    [Fact]
    public async Task Nobody_is_told_that_it_is_complete_once_its_process_is_killed()
    {
        await using var run = await EngineRun.Make();
        var go = run.File("go");
        await File.WriteAllTextAsync(go, "", Cancel);
        var next = await run.Begin(Web + StartsWhen(go), []);
        await run.Complete(next);
        var (_, process) = await run.Listening(next);

        File.Delete(go);
        await EngineRun.Kill(process);
        Assert.NotEqual(ObservedState.Complete, (await run.Observe(next)).State);
        await File.WriteAllTextAsync(go, "", Cancel);
        await Patience.Until(async () => (await run.Observe(next)).State == ObservedState.Complete);
    }

    [Fact]
    public async Task A_worker_that_is_killed_is_not_complete()
    {
        await using var run = await EngineRun.Make(new HastyTime(10));
        var go = run.File("go");
        await File.WriteAllTextAsync(go, "", Cancel);
        var next = await run.Begin($"  web:\n    scale: 1\n{StartsWhen(go)}", new() { ["NEVER_LISTEN"] = "1" });
        await run.Complete(next);

        File.Delete(go);
        await EngineRun.Kill(Assert.Single(run.World.Processes).ProcessId!.Value);
        Assert.NotEqual(ObservedState.Complete, (await run.Observe(next)).State);
    }

    [Fact]
    public async Task A_stranger_on_the_port_of_a_process_that_serves_gets_no_more_traffic()
    {
        await using var run = await EngineRun.Make();
        var end = run.File("end");
        var only = await run.Running(Web, new() { ["LISTEN_UNTIL"] = end });
        var process = Assert.Single(run.World.Processes);
        var told = LocalEngineWorld.PortOf(process)!.Value;
        await File.WriteAllTextAsync(end, "");
        Stranger? stranger = null;
        await Patience.Until(() => (stranger = Stranger.TryTake(told)) is not null);
        File.Delete(end);

        await Patience.Until(() =>
            Task.FromResult(run.World.Processes is [{ Status: ProcessStatus.Healthy } now] && now.ProcessId != process.ProcessId));
        Assert.Equal(only.Id, await run.Serves());
        stranger!.Dispose();
    }

    [Fact]
    public async Task A_process_that_hangs_right_before_it_is_routed_gets_no_traffic_before_it_answers_again()
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var next = await run.Begin("  web:\n    port: 8080\n    health: { path: /health, interval: 3600, timeout: 1 }\n", []);
        await run.UntilHealthy(next);
        var (_, process) = await run.Listening(next);

        await SuspendedProcess.Suspend(process);
        Assert.False(await run.Route(next));
        Assert.Equal(first.Id, await run.Serves());
        var seen = await run.Observe(next);
        Assert.Equal((ObservedState.Starting, "didn't answer within 1s"), (seen.State, seen.Reason));
        SuspendedProcess.Resume(process);
        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
    }

    [Fact]
    public async Task A_release_that_failed_with_traffic_stays_failed_when_another_process_of_it_answers_again()
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var next = await run.Begin(
            "  web:\n    port: 8080\n    health: { path: /health, interval: 3600, timeout: 1 }\n    scale: { count: 2 }\n", []);
        await run.UntilHealthy(next);
        var (_, dies) = await run.Listening(next);
        var (_, hangs) = await run.Listening(next, except: dies);

        await Patience.Until(() => run.World.Engine.Route([next.Service], new(10) { KeepsOld = true }, Cancel));
        await SuspendedProcess.Suspend(hangs);
        Assert.False(await run.World.Engine.Route([next.Service], new(50) { KeepsOld = true }, Cancel));
        await EngineRun.Kill(dies);
        await Patience.Until(() => run.World.Processes.Count(p => p.Release == next.Release) == 1);
        SuspendedProcess.Resume(hangs);
        await Patience.Until(() =>
            run.World.Processes.Any(p => p.Release == next.Release && p.Status == ProcessStatus.Healthy));
        // The driver didn't know yet, and continues.
        Assert.False(await run.World.Engine.Route([next.Service], new(100), Cancel));

        Assert.Equal(ObservedState.Failed, (await run.Observe(next)).State);
        for (var i = 0; i < 20; i++) Assert.Equal(first.Id, await run.Serves());
    }

    [Fact]
    public async Task A_process_that_hangs_once_it_was_healthy_is_replaced()
    {
        await using var run = await EngineRun.Make();
        var release = await run.Running("  web:\n    port: 8080\n    health: { path: /health, interval: 1, timeout: 1 }\n");
        var process = Assert.Single(run.World.Processes);
        await SuspendedProcess.Suspend(process.ProcessId!.Value);

        await Patience.Until(() =>
            Task.FromResult(run.World.Processes.Any(p => p.Status == ProcessStatus.Healthy && p.ProcessId != process.ProcessId)));
        Assert.Equal(release.Id, await run.Serves());
    }

    [Fact]
    public async Task A_program_that_goes_to_the_background_fails_and_nothing_of_it_is_left()
    {
        await using var run = await EngineRun.Make();
        var next = await run.Begin(Web + "    command: \"setsid dotnet SampleApp.dll > /dev/null 2>&1 & sleep 2; exit 0\"\n",
            new() { ["LISTEN_WHEN"] = run.File("never") });
        await Patience.Until(async () => (await run.Observe(next)).State == ObservedState.Failed);

        var reason = (await run.Observe(next)).Reason!;
        Assert.StartsWith("exited with code 0 after ", reason, StringComparison.Ordinal);
        Assert.Contains("; it left dotnet (process ", reason, StringComparison.Ordinal);
        var left = int.Parse(reason.Split("(process ")[1].Split(')')[0], CultureInfo.InvariantCulture);
        await Patience.Until(() => ProcessTable.Find(left) is null or { IsDead: true });
    }
}
