using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Releases.Aws.Tests.Engine;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Chaos;

/// <summary>
/// Ten apps, some with services whose traffic ECS shifts, are promoted while three agents, each a process of its own, are killed at random moments. CONVOX_CHAOS=600 has it last ten
/// minutes, with the installed tool where CONVOX_TEST_TOOL names it; CONVOX_CHAOS_SEED repeats what was chosen.
/// </summary>
public sealed class ChaosTests(DynamoDbLocal dynamo) : IAsyncLifetime
{
    private const int AppCount = 10;
    private const int AgentCount = 3;
    private const int DeathsOfAShortRun = 4;

    /// <summary>A promotion whose driver dies while it runs fails, so it isn't in every app.</summary>
    private const string WithCommand = EcsScenario.TwoServices + "\n    release: ./migrate\n";

    private readonly ChaosPace _pace = new();
    private readonly ConcurrentDictionary<string, ChaosProcess> _running = new();
    private readonly ConcurrentBag<ChaosProcess> _ended = [];
    private readonly ConcurrentBag<(AppName App, string Promotion)> _accepted = [];
    private readonly Choices _choices = new();
    private readonly CancellationTokenSource _over = new();
    private ChaosRack _rack = null!;
    private int _deaths;

    /// <summary>Each death costs the start of a process.</summary>
    private bool MayDie => _pace.IsLong || Volatile.Read(ref _deaths) < DeathsOfAShortRun;

    private int _started;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _rack = new(dynamo, _pace, $"chaos-{Guid.NewGuid():n}"[..20]) { Kill = Kill, DeathOf = DeathOf };
        await _rack.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running.Values.Concat(_ended)) process.Dispose();
        await _rack.DisposeAsync();
        _over.Dispose();
    }

    [Fact]
    public async Task Whatever_dies_while_ten_apps_are_promoted_nothing_is_lost_and_nothing_is_done_twice()
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"CONVOX_CHAOS_SEED={_choices.Seed}");
        List<AppName> apps = [];
        for (var i = 0; i < AppCount; i++) apps.Add((await _rack.Apps.Make(ManifestOf(i))).Name);
        foreach (var (service, strategy) in apps.SelectMany(Shifted)) Shift(_rack.Ecs[service], strategy);
        using var stopAgents = new CancellationTokenSource();
        var agents = Enumerable.Range(1, AgentCount).Select(n => KeepAgent(n, stopAgents.Token)).ToList();
        await AgentsAreThere();
        var promoting = Task.WhenAll(apps.Select((app, i) => Promote(app, ManifestOf(i))));
        var killing = KillNowAndThen();
        if (_pace.IsLong) await Task.Delay(_pace.Lasts, _pace.Time, Cancel);
        else await promoting;
        await _over.CancelAsync();
        await promoting;
        await killing;
        foreach (var app in apps) await Ends(app);
        await stopAgents.CancelAsync();
        await Task.WhenAll(agents);
        await Verify(apps);
    }

    private async Task Verify(List<AppName> apps)
    {
        List<string> wrong = [];
        List<Promotion> all = [];
        foreach (var app in apps)
        {
            var promotions = await _rack.Records.ListPromotions(app, 1000, cancel: Cancel);
            all.AddRange(promotions);
            var active = (await _rack.Records.FindApp(app, Cancel))!.Active;
            var last = promotions.FirstOrDefault(p => p.Status == PromotionStatus.Succeeded)?.Release;
            if (active != last) wrong.Add($"{active} is active in {app}, and the last that succeeded is {last}");
        }

        var known = all.Select(p => (p.App, p.Id.ToString())).ToHashSet();
        wrong.AddRange(_accepted.Where(a => !known.Contains(a)).Select(a => $"{a.Promotion} of {a.App} was accepted and is lost"));
        wrong.AddRange(apps.SelectMany(Shifted).Where(s => PauseHook.IsIn(_rack.Ecs[s.Service].Configuration))
            .Select(s => $"a hook of a promotion is left in {s.Service}"));
        wrong.AddRange(new PromotionAudit(_rack.Log, _rack.Ecs, all).Run());
        var figures = $"seed {_choices.Seed}: {all.Count} promotions of {apps.Count} apps, {_deaths} deaths, {_started} processes, "
            + $"{_rack.Log.Count} changes; "
            + string.Join(", ", all.GroupBy(p => p.Status).OrderBy(g => g.Key).Select(g => $"{g.Count()} {g.Key}"));
        var reasons = all.Where(p => p.Reason is not null).Select(p => $"{p.App} {p.Status}: {p.Reason}");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', [figures, .. reasons]));
        Assert.True(wrong.Count == 0, $"{figures}\n{string.Join('\n', wrong)}\n\n{Printed()}");
        Assert.True(all.Count >= apps.Count && _deaths > 0, figures);
    }

    /// <summary>One promotion after another, each of a new release, until the chaos is over; without much time, one.</summary>
    private async Task Promote(AppName app, string manifest)
    {
        for (var number = 1; !_over.IsCancellationRequested; number++)
        {
            await _rack.Apps.Release(app, $"secret {number}", manifest);
            var behavior = _choices.Behavior();
            await _rack.WhileEcsWaits(() => _rack.Ecs.Behaviors[$"{app}-web"] = new([behavior]));
            var limit = behavior is TaskBehavior.NeverHealthy ? "1m" : "8m";
            var promoted = await Command(app, "promote", "--detach", "--id", "--timeout", limit);
            if (promoted.ExitCode == 0)
                _accepted.Add((app, promoted.Text.Split('\n').Single(l => l is ['P', ..] && l.All(char.IsAsciiLetterUpper))));
            if (_choices.OneIn(6)) await Command(app, "cancel");
            await Ends(app);
            if (!_pace.IsLong) return;
        }
    }

    private async Task<(int ExitCode, string Text)> Command(AppName app, params string[] words)
    {
        if (!_pace.IsLong) return await _rack.Run(app, Cancel, words);
        var command = Start($"command-{Interlocked.Increment(ref _started)}", app, words);
        await command.Ended(Cancel);
        Retire(command);
        return (command.ExitCode, command.Text);
    }

    /// <summary>Another one whenever it is dead.</summary>
    private async Task KeepAgent(int number, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var agent = Start($"agent-{number}-{Interlocked.Increment(ref _started)}", null, "rack", "agent");
            await Task.WhenAny(agent.Ended(Cancel), Task.Delay(Timeout.InfiniteTimeSpan, stop));
            if (stop.IsCancellationRequested) agent.Terminate();
            await agent.Ended(Cancel);
            Retire(agent);
        }
    }

    private async Task AgentsAreThere()
    {
        await Patience.Until(async () => (await _rack.Records.Agents.List(Cancel)).Count >= AgentCount);
    }

    private async Task KillNowAndThen()
    {
        while (!_over.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(_choices.Pause(), _pace.Time, _over.Token));
            if (_over.IsCancellationRequested || !MayDie) continue;
            if (_choices.Of([.. _running.Keys.Order(StringComparer.Ordinal)]) is not { } name) continue;
            Interlocked.Increment(ref _deaths);
            if (_choices.OneIn(4) && _running.TryGetValue(name, out var process)) process.Terminate();
            else Kill(name);
        }
    }

    private async Task Ends(AppName app)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(40) / _pace.Speed, TimeProvider.System);
        while (await _rack.Records.FindLock(app, Cancel) is not null)
        {
            Assert.False(limit.IsCancellationRequested, $"seed {_choices.Seed}: the promotion of {app} has no end\n{Printed()}");
            await Task.Delay(TimeSpan.FromSeconds(3), _pace.Time, Cancel);
        }
    }

    /// <summary>Of four apps one has a service whose traffic ECS shifts beside one that it rolls, and one has two that wait for each
    /// other.</summary>
    private static IEnumerable<(string Service, string Strategy)> Shifted(AppName app, int number) => (number % 4) switch
    {
        1 => [($"{app}-web", "BLUE_GREEN")],
        2 => [($"{app}-web", "CANARY"), ($"{app}-api", "BLUE_GREEN")],
        _ => [],
    };

    /// <summary>Without time for bakes, and with what ends a deployment whose tasks fail.</summary>
    private static void Shift(SimulatedEcsService service, string strategy)
    {
        service.Shifts(strategy);
        if (service.Configuration["canaryConfiguration"] is { } canary) canary["canaryBakeTimeInMinutes"] = 0;
        service.Configuration["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = true, ["rollback"] = true };
    }

    private static string ManifestOf(int app) => app % 3 == 0 ? WithCommand : EcsScenario.TwoServices;

    private Death? DeathOf(string sender)
    {
        if (_over.IsCancellationRequested || !MayDie || !_running.ContainsKey(sender) || _choices.Death() is not { } death) return null;
        Interlocked.Increment(ref _deaths);
        return death;
    }

    private void Kill(string name)
    {
        if (_running.TryGetValue(name, out var process)) process.Kill();
    }

    private ChaosProcess Start(string name, AppName? app, params string[] words) => _running[name] = _rack.Start(name, app, words);

    private void Retire(ChaosProcess process)
    {
        _running.TryRemove(process.Name, out _);
        _ended.Add(process);
    }

    private string Printed() => string.Join('\n', _running.Values.Concat(_ended).OrderBy(p => p.Name, StringComparer.Ordinal)
        .Select(p => $"--- {p.Name}\n{p.Text}"));
}
