using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>A moment of health proves nothing: who fails right after it is not promoted, not rolled back to, and starts less often.</summary>
public sealed class WhatFailsRightAfterItWasHealthy
{
    private const string Web = "  web:\n    port: 8080\n    health: /health\n";

    /// <summary>A check of it has a minute, of which many pass in a second here.</summary>
    private const string Patiently = "  web:\n    port: 8080\n    health: { path: /health, interval: 600, timeout: 599 }\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("setsid ", "0")]
    [InlineData("setsid ", "0.1")]
    [InlineData("", "0.1")]
    public async Task A_program_that_goes_to_the_background_once_its_child_listens_is_never_healthy(string session, string after)
    {
        await using var run = await EngineRun.Make();
        var first = await run.Running(Web);
        var next = await run.Begin(
            $$"""
              {{Web}}    command: |
                  {{session}}dotnet SampleApp.dll > /dev/null 2>&1 &
                  until grep -q ":$(printf %04X $PORT) 00000000:0000 0A" /proc/net/tcp; do sleep 0.01; done
                  sleep {{after}}; exit 0

            """[2..], []);

        var states = new HashSet<ObservedState>();
        await Patience.Until(async () =>
        {
            states.Add((await run.Observe(next)).State);
            return states.Contains(ObservedState.Failed);
        });

        Assert.Equal([ObservedState.Starting, ObservedState.Failed], states);
        Assert.StartsWith("exited with code 0 after ", (await run.Observe(next)).Reason, StringComparison.Ordinal);
        Assert.EndsWith(" (3 times)", (await run.Observe(next)).Reason, StringComparison.Ordinal);
        Assert.Equal(first.Id, await run.Serves());
    }

    [Fact]
    public async Task A_job_that_ends_is_told_that_a_service_keeps_running()
    {
        await using var run = await EngineRun.Make();
        var job = await run.Begin("  web:\n    command: \"true\"\n", []);
        await Patience.Until(async () => (await run.Observe(job)).State == ObservedState.Failed);
        var seen = await run.Observe(job);
        Assert.Matches(@"^exited with code 0 after [0-9.]+ s, before it became healthy \(3 times\)$", seen.Reason);
        Assert.Equal(ProcessEnd.KeepsRunning, seen.Hint);
    }

    [Fact]
    public async Task Failures_between_moments_of_health_add_up_until_the_release_is_given_up()
    {
        await using var run = await EngineRun.Make(new HastyTime(5));
        var first = await run.Running(Patiently);
        var next = await run.Begin(Patiently, []);
        for (var failures = 1; failures <= 3; failures++) await KillAHealthyOne(run, next.Release);

        await Patience.Until(async () => (await run.Observe(next)).State == ObservedState.Failed);
        Assert.Matches(@"^was ended by signal 9 \(SIGKILL\) after [0-9.]+ s \(3 times\)$", (await run.Observe(next)).Reason);
        Assert.Equal(first.Id, await run.Serves());
    }

    [Fact]
    public async Task Failures_before_a_minute_of_health_no_longer_count()
    {
        // By a faster clock, a process of a busy machine would take longer to start than its check allows.
        await using var run = await EngineRun.Make(new HastyTime(20));
        await run.Running(Patiently);
        var next = await run.Begin(Patiently, []);
        await KillAHealthyOne(run, next.Release);
        await KillAHealthyOne(run, next.Release);
        // A minute, and three real seconds in which the busiest machine notices that it is over.
        await StayHealthy(run, next, TimeSpan.FromMinutes(2));

        await KillAHealthyOne(run, next.Release);
        await KillAHealthyOne(run, next.Release);
        await run.Complete(next);
        Assert.Equal(next.Release, await run.Serves());
    }

    [Fact]
    public async Task After_a_failure_the_next_process_is_healthy_for_five_seconds_before_it_counts()
    {
        await using var run = await EngineRun.Make(new HastyTime(10));
        await run.Running(Patiently);
        var go = run.File("go");
        var next = await run.Begin(StartsWhen(go), []);
        await File.WriteAllTextAsync(go, "", Cancel);
        await KillAHealthyOne(run, next.Release, () => File.Delete(go));

        var healthySince = run.Time.GetUtcNow();
        await File.WriteAllTextAsync(go, "", Cancel);
        await run.UntilHealthy(next);
        Assert.True(run.Time.GetUtcNow() - healthySince >= TimeSpan.FromSeconds(5));
        await run.Complete(next);
    }

    [Fact]
    public async Task What_failed_before_a_canary_and_was_proven_since_does_not_end_it()
    {
        await using var run = await EngineRun.Make(new HastyTime(20));
        await run.Running(Patiently);
        var next = await run.Begin(Patiently, []);
        await KillAHealthyOne(run, next.Release);
        await run.UntilHealthy(next);

        await Patience.Until(() => run.World.Engine.Route([next.Service], new(10) { KeepsOld = true }, Cancel));
        Assert.Equal(ObservedState.Healthy, (await run.Observe(next)).State);
        await run.Complete(next);
    }

    [Fact]
    public async Task A_hold_does_not_forget_failures_however_often_it_is_asked_for()
    {
        await using var run = await EngineRun.Make(new HastyTime(5));
        await run.Running(Patiently);
        var next = await run.Begin(Patiently, []);
        for (var failures = 1; failures <= 3; failures++)
        {
            await run.World.Engine.Route([next.Service], new(0) { KeepsOld = true }, Cancel);
            await KillAHealthyOne(run, next.Release);
        }

        await Patience.Until(async () => (await run.Observe(next)).State == ObservedState.Failed);
    }

    [Fact]
    public async Task A_release_that_failed_meanwhile_is_live_again_only_once_it_stays_healthy()
    {
        await using var run = await EngineRun.Make(new HastyTime(10));
        var go = run.File("go");
        await File.WriteAllTextAsync(go, "", Cancel);
        var first = await run.Running(StartsWhen(go));
        var next = await run.Begin(Patiently, new() { ["HEALTH"] = "500" });
        await KillAHealthyOne(run, first.Id, () => File.Delete(go));

        await run.World.Engine.Undo(next.Service, Cancel);
        var healthySince = run.Time.GetUtcNow();
        await File.WriteAllTextAsync(go, "", Cancel);
        await Patience.Until(async () =>
            (await run.World.Engine.ObserveUndo([next.Service], Cancel))[next.Service.Name].State == ObservedState.Complete);
        Assert.True(run.Time.GetUtcNow() - healthySince >= TimeSpan.FromSeconds(5));
        Assert.Equal(first.Id, await run.Serves());
    }

    [Fact]
    public async Task A_release_that_keeps_failing_after_its_checks_is_restarted_later_each_time()
    {
        await using var run = await EngineRun.Make(new HastyTime(5));
        var only = await run.Running(Patiently);
        var waits = new List<TimeSpan>();
        for (var failures = 1; failures <= 6; failures++)
        {
            var killed = await KillAHealthyOne(run, only.Id);
            await Patience.Until(() => Task.FromResult(run.World.Processes is [{ Restarts: var restarts }] && restarts == failures));
            waits.Add(run.World.Processes[0].StartedAt - killed);
        }

        // 250 ms, doubled five times; what the system takes to report an end comes on top.
        Assert.True(waits[^1] > TimeSpan.FromSeconds(6), string.Join(", ", waits));
        Assert.Contains(" (6 times)", Assert.Single(run.World.Services).Problem, StringComparison.Ordinal);
        await Patience.Until(() => Task.FromResult(Assert.Single(run.World.Services).Problem is null));
    }

    /// <summary>Its process starts once there is such a file.</summary>
    private static string StartsWhen(string file) =>
        $"{Patiently}    command: \"until [ -e {file} ]; do sleep 0.05; done; exec dotnet SampleApp.dll\"\n";

    /// <summary>Kills a process of a release as soon as it is healthy. Returns the moment before.</summary>
    private static async Task<DateTimeOffset> KillAHealthyOne(EngineRun run, ReleaseId release, Action? before = null)
    {
        await Patience.Until(() => run.World.Processes.Any(p => p.Release == release && p.Status == ProcessStatus.Healthy));
        before?.Invoke();
        var process = run.World.Processes.First(p => p.Release == release && p.Status == ProcessStatus.Healthy);
        var killed = run.Time.GetUtcNow();
        await EngineRun.Kill(process.ProcessId!.Value);
        await Patience.Until(() => Task.FromResult(run.World.Processes.All(p => p.Id != process.Id)));
        return killed;
    }

    private static async Task StayHealthy(EngineRun run, Begun begun, TimeSpan time)
    {
        await run.UntilHealthy(begun);
        var from = run.Time.GetUtcNow();
        await Patience.Until(async () =>
        {
            if ((await run.Observe(begun)).State != ObservedState.Healthy) from = run.Time.GetUtcNow();
            return run.Time.GetUtcNow() - from > time;
        });
    }
}
