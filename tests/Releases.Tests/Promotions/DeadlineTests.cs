using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>
/// All, some or none of an app's services complete, before or after the limit, seen by the driver in time, by a driver that looks late,
/// or by a successor: the engine's own completion times decide, and every promotion ends.
/// </summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public enum Who
    {
        Driver,
        LateDriver,
        Successor,
    }

    /// <summary>A driver that couldn't write for a while records when it was complete, and keeps that.</summary>
    [Fact]
    public void A_service_was_complete_when_the_engine_saw_it_and_not_when_that_is_recorded()
    {
        var service = new PromotionService { Service = ServiceName.Parse("web") };
        var complete = Complete(service, seconds: 30, A.Moment);
        Assert.Equal(A.Moment - TimeSpan.FromSeconds(30), complete.CompletedAt);
        Assert.Equal(complete.CompletedAt, Complete(complete, seconds: 20, A.Moment + TimeSpan.FromMinutes(1)).CompletedAt);

        static PromotionService Complete(PromotionService service, int seconds, DateTimeOffset now) => ObservedService.From(
            service, new(ObservedState.Complete) { CompleteFor = TimeSpan.FromSeconds(seconds) }, new([]), now);
    }

    public enum When
    {
        Before,
        AtTheLimit,
        After,
        Never,
    }

    public static TheoryData<When, When, Who> All()
    {
        var all = new TheoryData<When, When, Who>();
        foreach (var web in Enum.GetValues<When>())
            foreach (var worker in Enum.GetValues<When>())
                foreach (var who in Enum.GetValues<Who>()) all.Add(web, worker, who);
        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_is_complete_within_the_limit_succeeds_and_everything_else_goes_back_and_ends(When web, When worker, Who looks)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var engine = new CompletingEngine(scenario.Time, scenario.Time.GetUtcNow(),
            new() { ["web"] = After(web), ["worker"] = After(worker) });
        var held = await scenario.Begin(scenario.V2, Limit);
        if (looks == Who.LateDriver) engine.Waiting = () => scenario.Time.Advance(TimeSpan.FromHours(1));
        if (looks == Who.Successor) engine.Waiting = () => throw new KilledException("its first wait");

        Promotion ended;
        try
        {
            ended = await Drive(scenario, engine, held);
        }
        catch (KilledException)
        {
            engine.Waiting = () => { };
            scenario.Time.Advance(TimeSpan.FromHours(3));
            ended = await Drive(scenario, engine,
                (await scenario.Store.TakeOver(held, "successor", scenario.By(EventKind.PromotionTakenOver)))!);
        }

        var inTime = web is When.Before or When.AtTheLimit && worker is When.Before or When.AtTheLimit;
        Assert.True(ended.Status == (inTime ? PromotionStatus.Succeeded : PromotionStatus.Failed), $"{ended.Status}: {ended.Reason}");
        Assert.Equal(inTime ? scenario.V2.Id : scenario.V1.Id, (await scenario.Store.FindApp(scenario.App))!.Active);
        Assert.Null(await scenario.Store.FindLock(scenario.App));
        if (inTime) return;
        Assert.Contains(" didn't complete within 1m: ", ended.Reason, StringComparison.Ordinal);
        if (looks != Who.Driver && web == When.After && worker != When.Never)
            Assert.Contains("it completed only after 1m 30s", ended.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_cannot_see_how_it_stands_looks_again_before_it_counts_as_late()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var engine = new CompletingEngine(scenario.Time, scenario.Time.GetUtcNow(),
            new() { ["web"] = TimeSpan.FromSeconds(10), ["worker"] = TimeSpan.FromSeconds(10) })
        {
            Unseen = 20,
        };
        var held = await scenario.Begin(scenario.V2, Limit);
        engine.Waiting = () => throw new KilledException("its first wait");
        await Assert.ThrowsAsync<KilledException>(() => Drive(scenario, engine, held));
        engine.Waiting = () => { };
        scenario.Time.Advance(TimeSpan.FromHours(3));
        var ended = await Drive(scenario, engine,
            (await scenario.Store.TakeOver(held, "successor", scenario.By(EventKind.PromotionTakenOver)))!);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
    }

    [Fact]
    public async Task What_can_never_be_seen_goes_back_and_the_reason_says_so()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var engine = new CompletingEngine(scenario.Time, scenario.Time.GetUtcNow(),
            new() { ["web"] = TimeSpan.FromSeconds(10), ["worker"] = TimeSpan.FromSeconds(10) })
        {
            Unseen = int.MaxValue,
        };
        var ended = await Drive(scenario, engine, await scenario.Begin(scenario.V2, Limit));
        Assert.Equal(("web didn't complete within 1m: its state can't be observed (nobody answered).", PromotionStatus.Failed),
            (ended.Reason, ended.Status));
    }

    [Theory]
    [InlineData(ObservedState.Draining, "bake time", "its new processes are healthy, but its deployment isn't complete (bake time)")]
    [InlineData(ObservedState.Healthy, "ready", "its new processes are healthy, but its deployment isn't complete (ready)")]
    [InlineData(ObservedState.Draining, null, "its new processes are healthy, but 2 old ones haven't stopped")]
    [InlineData(ObservedState.Starting, "shifting test traffic", "1 of 1 processes is healthy")]
    public async Task A_deployment_at_a_stage_of_its_own_does_not_blame_old_processes_that_are_there_on_purpose(
        ObservedState state, string? stage, string why)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var engine = new CompletingEngine(scenario.Time, scenario.Time.GetUtcNow(), new() { ["web"] = null, ["worker"] = null })
        { Incomplete = new(state) { Desired = 1, Running = 1, Healthy = 1, Old = 2, Stage = stage } };
        var ended = await Drive(scenario, engine, await scenario.Begin(scenario.V2, Limit));
        Assert.Equal($"web didn't complete within 1m: {why}.", ended.Reason);
    }

    [Fact]
    public async Task A_promotion_that_is_taken_over_past_its_limit_begins_no_service_any_more()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var engine = new CompletingEngine(scenario.Time, scenario.Time.GetUtcNow(), new() { ["web"] = null, ["worker"] = null });
        var held = await scenario.Begin(scenario.V2, Limit);
        scenario.Time.Advance(TimeSpan.FromHours(3));
        var ended = await Drive(scenario, engine, held);
        Assert.Equal(("web didn't complete within 1m: it wasn't started in time.", PromotionStatus.Failed), (ended.Reason, ended.Status));
        Assert.Empty(engine.Started);
    }

    private static Task<Promotion> Drive(PromoteScenario scenario, IEngine engine, PromotionLock held) =>
        scenario.DriverOf(engine).Drive(held, CancellationToken.None);

    private static TimeSpan? After(When when) => when switch
    {
        When.Before => TimeSpan.FromSeconds(20),
        When.AtTheLimit => Limit,
        When.After => TimeSpan.FromSeconds(90),
        _ => null,
    };

    /// <summary>An engine that brings services to completion by itself, at times of its own, as ECS does.</summary>
    private sealed class CompletingEngine(FakeTimeProvider time, DateTimeOffset began, Dictionary<string, TimeSpan?> after) : IEngine
    {
        private readonly HashSet<string> _undone = [];

        public HashSet<string> Started { get; } = [];

        public Action Waiting { get; set; } = () => { };

        /// <summary>What is seen of a service before it is complete.</summary>
        public Observation Incomplete { get; set; } = new(ObservedState.Starting) { Running = 1 };

        /// <summary>How many looks tell nothing.</summary>
        public int Unseen { get; set; }

        public Task<IReadOnlyList<Problem>> Check(Rollout rollout, CancellationToken cancel) => Task.FromResult<IReadOnlyList<Problem>>([]);

        public Task<CommandEnd> RunRelease(ServiceRollout service, CancellationToken cancel) =>
            throw new InvalidOperationException("There is none.");

        public async Task Start(ServiceRollout service, CancellationToken cancel)
        {
            Started.Add(service.Name.ToString());
            await service.Journal.Write(JsonElement.Parse("\"asked\""), cancel);
        }

        public Task<RolloutPlan> Plan(Rollout rollout, CancellationToken cancel) => Task.FromResult(RolloutPlan.AllAtOnce);

        public Task<CommandEnd> Verify(ServiceRollout service, IServiceJournal command, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<bool> Route(IReadOnlyList<ServiceRollout> rollout, RolloutStep step, CancellationToken cancel) => Task.FromResult(true);

        public IReadOnlyDictionary<ServiceName, TrafficSample> Sample(IReadOnlyList<ServiceRollout> rollout) =>
            new Dictionary<ServiceName, TrafficSample>();

        public Task<IReadOnlyDictionary<ServiceName, Observation>> Observe(
            IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
            Each(rollout, Observe);

        private Observation Observe(ServiceRollout service)
        {
            if (Unseen-- > 0) return new Observation(ObservedState.Unknown) { Reason = "nobody answered" };
            var done = began + after[service.Name.ToString()];
            return done <= time.GetUtcNow()
                ? new Observation(ObservedState.Complete) { Running = 1, Healthy = 1, CompletedAt = done }
                : Incomplete;
        }

        private static Task<IReadOnlyDictionary<ServiceName, Observation>> Each(
            IReadOnlyList<ServiceRollout> rollout, Func<ServiceRollout, Observation> look) =>
            Task.FromResult<IReadOnlyDictionary<ServiceName, Observation>>(rollout.ToDictionary(s => s.Name, look));

        public Task Undo(ServiceRollout service, CancellationToken cancel)
        {
            _undone.Add(service.Name.ToString());
            return Task.CompletedTask;
        }

        public Task<IReadOnlyDictionary<ServiceName, Observation>> ObserveUndo(
            IReadOnlyList<ServiceRollout> rollout, CancellationToken cancel) =>
            Each(rollout, s => new Observation(_undone.Contains(s.Name.ToString()) ? ObservedState.Complete : ObservedState.Starting));

        public Task Settle(Rollout rollout, Promotion outcome, CancellationToken cancel) => Task.CompletedTask;

        public Task CleanUp(AppName app, CancellationToken cancel) => Task.CompletedTask;

        public Task WaitForChange(AppName app, CancellationToken cancel)
        {
            Waiting();
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        }
    }
}
