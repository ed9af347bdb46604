using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Releases.Testing;

/// <summary>What a service's next rollout will do.</summary>
public enum RolloutOutcome
{
    Succeeds,
    Fails,
    NeverHealthy,
    CannotStart,
    Superseded,
    SucceedsAndNeverRollsBack,
    CannotRollBackOnce,

    /// <summary>Its processes end once they have some of the traffic.</summary>
    FailsWithTraffic,
}

/// <summary>
/// An engine whose services are facts of a world of their own, which lives on when the driver dies. Time is virtual: it
/// passes while the driver waits.
/// </summary>
public sealed class FakeEngine(FakeTimeProvider time) : IEngine
{
    private readonly ConcurrentDictionary<ServiceName, World> _worlds = new();

    /// <summary>How long new processes take to be healthy.</summary>
    public TimeSpan TimeToHealthy { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a rollback takes.</summary>
    public TimeSpan GoingBack { get; set; } = TimeSpan.FromSeconds(10);

    public ConcurrentDictionary<ServiceName, RolloutOutcome> Outcomes { get; } = new();

    /// <summary>What somebody scaled a service to meanwhile.</summary>
    public ConcurrentDictionary<ServiceName, int> Scaled { get; } = new();

    /// <summary>Every effect that took place, in order; a repeated request takes no effect.</summary>
    public SharedList<string> Effects { get; } = [];

    /// <summary>What the check finds.</summary>
    public SharedList<Problem> Findings { get; } = [];

    /// <summary>Called before every effect; a test kills the driver here.</summary>
    public Action<string> BeforeEffect { get; set; } = _ => { };

    /// <summary>Called at every wait.</summary>
    public Func<CancellationToken, Task> Waiting { get; set; } = _ => Task.CompletedTask;

    /// <summary>The share of the traffic that a service's new processes have, in percent.</summary>
    public int ShareOf(string service) => _worlds.TryGetValue(ServiceName.Parse(service), out var world) ? world.Share : 0;

    public PromotionId? Runs(string service) => _worlds.TryGetValue(ServiceName.Parse(service), out var world) ? world.Carries : null;

    public Task<IReadOnlyList<Problem>> Check(Rollout rollout, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Problem>>(Findings);

    /// <summary>What a release command does, by its service; else it prints a line and ends well.</summary>
    public Func<string, CancellationToken, Task<CommandEnd>> Releases { get; set; } = (service, _) =>
        Task.FromResult(new CommandEnd(0, [$"{service} was migrated"]));

    public async Task<CommandEnd> RunRelease(ServiceRollout service, CancellationToken cancel)
    {
        await service.Journal.Write(JsonSerializer.SerializeToElement($"release {service.Name}", FakeJson.Default.String), cancel);
        BeforeEffect($"release {service.Name}");
        Commands.Add(service.Spec);
        Effects.Add($"release {service.Name}");
        return await Releases(service.Name.ToString(), cancel);
    }

    public Task<RolloutPlan> Plan(Rollout rollout, CancellationToken cancel) => Task.FromResult(RolloutStrategy.Plan(rollout.Services));

    /// <summary>What a verify command does, by its service; else it ends well.</summary>
    public Func<string, CancellationToken, Task<CommandEnd>> Verifies { get; set; } = (_, _) => Task.FromResult(new CommandEnd(0, []));

    public async Task<CommandEnd> Verify(ServiceRollout service, IServiceJournal command, CancellationToken cancel)
    {
        BeforeEffect($"verify {service.Name}");
        Commands.Add(service.Spec);
        Verified.Add($"{service.Name}");
        return await Verifies(service.Name.ToString(), cancel);
    }

    /// <summary>The services whose commands were run, as they got them.</summary>
    public SharedList<ServiceSpec> Commands { get; } = [];

    /// <summary>The services whose verify command was run, in order.</summary>
    public SharedList<string> Verified { get; } = [];

    /// <summary>What the router counted of a service by now; null: nobody counts.</summary>
    public Func<string, TrafficSample?> Counts { get; set; } = _ => null;

    public IReadOnlyDictionary<ServiceName, TrafficSample> Sample(IReadOnlyList<ServiceRollout> rollout) => rollout
        .Select(s => (s.Name, Sample: Counts(s.Name.ToString()))).Where(s => s.Sample is not null)
        .ToDictionary(s => s.Name, s => s.Sample!);

    public async Task Start(ServiceRollout service, CancellationToken cancel)
    {
        var (world, outcome) = (Of(service), OutcomeOf(service));
        if (outcome == RolloutOutcome.CannotStart) throw new Problem(ProblemCode.DiskFull, "The disk is full.").ToException();
        if (service.Journal.Notes is null)
            await service.Journal.Write(JsonSerializer.SerializeToElement(world.Carries?.ToString() ?? "", FakeJson.Default.String),
                cancel);
        BeforeEffect($"start {service.Name}");
        if (world.Next == service.Rollout.Promotion || world.Carries == service.Rollout.Promotion) return;
        Effects.Add($"start {service.Name}");
        (world.Next, world.Before, world.Share, world.At) = (service.Rollout.Promotion, world.Carries, 0, time.GetUtcNow());
    }

    /// <summary>Whether the new processes are healthy when they are checked once more before a step.</summary>
    public Func<bool> Confirms { get; set; } = () => true;

    /// <summary>Whether they still are when the traffic is to move.</summary>
    public Func<bool> Moves { get; set; } = () => true;

    public Task<bool> Confirm(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) => Task.FromResult(Confirms());

    public Task<bool> Route(IReadOnlyList<ServiceRollout> rollout, RolloutStep step, CancellationToken cancel)
    {
        if (!Moves()) return Task.FromResult(false);
        foreach (var service in rollout)
        {
            var percent = step.ShareOf(service.Name);
            var effect = $"route {service.Name} {percent} %{(step.IsBake ? " and keep the old" : "")}";
            BeforeEffect(effect);
            var world = Of(service);
            if (world.Next != service.Rollout.Promotion || (world.Share == percent && step.KeepsOld)) continue;
            Effects.Add(effect);
            world.Share = percent;
            if (!step.KeepsOld) (world.Carries, world.Next) = (world.Next, null);
        }

        return Task.FromResult(true);
    }

    public Task<IReadOnlyDictionary<ServiceName, Observation>> Observe(IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
        Each(rollout, Observe);

    /// <summary>Whether nothing can be observed.</summary>
    public bool IsUnreachable { get; set; }

    private Observation Observe(ServiceRollout service)
    {
        if (IsUnreachable) return new(ObservedState.Unknown) { Reason = "nobody answered" };
        var world = Of(service);
        var isTime = time.GetUtcNow() >= world.At + TimeToHealthy;
        return OutcomeOf(service) switch
        {
            RolloutOutcome.Superseded when isTime => new Observation(ObservedState.Superseded) { Reason = "runs something else" },
            RolloutOutcome.FailsWithTraffic when world.Share > 0 => new(ObservedState.Failed) { Reason = "exited with code 3", LastLines = ["boom"] },
            RolloutOutcome.Fails when isTime => new(ObservedState.Failed) { Reason = "exited with code 3", LastLines = ["boom"] },
            RolloutOutcome.NeverHealthy =>
                new(ObservedState.Starting) { Running = 1, Old = 1, Reason = "answered 503", LinesSoFar = ["waiting for the database"] },
            _ when world.Carries == service.Rollout.Promotion && Scaled.TryGetValue(service.Name, out var count) =>
                new(ObservedState.Complete) { Desired = count, Running = count, Healthy = count, CompleteFor = TimeSpan.Zero },
            _ when world.Carries == service.Rollout.Promotion =>
                new(ObservedState.Complete) { Running = 1, Healthy = 1, CompleteFor = TimeSpan.Zero },
            _ when isTime && world.Next == service.Rollout.Promotion => new(ObservedState.Healthy) { Running = 1, Healthy = 1, Old = 1 },
            _ => new(ObservedState.Starting) { Running = 1, Old = 1 },
        };
    }

    public Task Undo(ServiceRollout service, CancellationToken cancel)
    {
        BeforeEffect($"undo {service.Name}");
        var world = Of(service);
        if (OutcomeOf(service) == RolloutOutcome.Superseded) return Task.CompletedTask;
        if (OutcomeOf(service) == RolloutOutcome.CannotRollBackOnce)
        {
            Outcomes[service.Name] = RolloutOutcome.Succeeds;
            throw new Problem(ProblemCode.Daemon, "Not now.").ToException();
        }

        if (world.Next != service.Rollout.Promotion && world.Carries != service.Rollout.Promotion) return Task.CompletedTask;
        Effects.Add($"undo {service.Name}");
        (world.Carries, world.Next, world.Share, world.At) = (world.Before, null, 0, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<ServiceName, Observation>> ObserveUndo(
        IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
        Each(rollout, ObserveUndo);

    /// <summary>What a service waits for that isn't back yet.</summary>
    public string? UndoWaitsFor { get; set; }

    private Observation ObserveUndo(ServiceRollout service)
    {
        var back = time.GetUtcNow() >= Of(service).At + GoingBack && OutcomeOf(service) != RolloutOutcome.SucceedsAndNeverRollsBack;
        return OutcomeOf(service) == RolloutOutcome.Superseded
            ? new Observation(ObservedState.Superseded) { Reason = "runs something else" }
            : back ? new(ObservedState.Complete) : new(ObservedState.Starting) { Reason = UndoWaitsFor };
    }

    /// <summary>Called when an outcome is concluded; null: nothing follows from it under the lock.</summary>
    public Func<Promotion, Task>? OnConclude { get; set; }

    public bool Concludes => OnConclude is not null;

    /// <summary>Whether each conclusion was told that it is the last try.</summary>
    public SharedList<bool> LastTries { get; } = [];

    public async Task Conclude(IReadOnlyList<ServiceRollout> rollout, Promotion outcome, bool isLast, CancellationToken cancel)
    {
        LastTries.Add(isLast);
        foreach (var service in rollout)
            await service.Journal.Write(JsonSerializer.SerializeToElement("concluded", FakeJson.Default.String), cancel);
        await OnConclude!(outcome);
    }

    public async Task Settle(Rollout rollout, Promotion outcome, CancellationToken cancel)
    {
        foreach (var retired in outcome.Retired.Where(_ => outcome.Status == PromotionStatus.Succeeded))
        {
            Effects.Add($"retire {retired}");
            _worlds.TryRemove(retired, out _);
        }

        await Settling(cancel);
    }

    /// <summary>What settling an ended promotion waits for.</summary>
    public Func<CancellationToken, Task> Settling { get; set; } = _ => Task.CompletedTask;

    /// <summary>What cleaning up waits for.</summary>
    public Func<Task> CleaningUp { get; set; } = () => Task.CompletedTask;

    public Task CleanUp(AppName app, CancellationToken cancel) => CleaningUp();

    public async Task WaitForChange(AppName app, CancellationToken cancel)
    {
        await Waiting(cancel);
        time.Advance(TimeSpan.FromSeconds(1));
    }

    private static Task<IReadOnlyDictionary<ServiceName, Observation>> Each(
        IReadOnlyList<ServiceRollout> rollout, Func<ServiceRollout, Observation> look) =>
        Task.FromResult<IReadOnlyDictionary<ServiceName, Observation>>(rollout.ToDictionary(s => s.Name, look));

    private RolloutOutcome OutcomeOf(ServiceRollout service) => Outcomes.GetValueOrDefault(service.Name);

    private World Of(ServiceRollout service) =>
        _worlds.TryGetValue(service.Name, out var world) ? world : _worlds[service.Name] = new();

    private sealed class World
    {
        public PromotionId? Carries { get; set; }

        public PromotionId? Next { get; set; }

        public PromotionId? Before { get; set; }

        public int Share { get; set; }

        public DateTimeOffset At { get; set; }
    }
}
