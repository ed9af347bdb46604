using Xunit;

namespace Releases.Testing;

/// <summary>What every engine does, and <c>Promote</c> relies on.</summary>
public abstract class EngineContract : IAsyncLifetime
{
    private EngineWorld _world = null!;
    private string[] _running = [];

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEngine Engine => _world.Engine;

    public async ValueTask InitializeAsync() => _world = await Make();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<EngineWorld> Make();

    [Fact]
    public async Task What_ran_before_serves_until_the_traffic_is_routed_and_only_then_is_the_new_one_complete()
    {
        var first = await Running("web");
        var next = await Begin(await _world.Release(RolloutOutcome.Succeeds, "web"));

        await UntilReady(next);
        if (_world.HoldsBack)
        {
            Assert.Equal(first.Release.Id, await _world.Serves("web"));
            Assert.Equal(ObservedState.Healthy, (await Observe(next[0])).State);
        }

        await Move([next[0]]);
        await Until(next, ObservedState.Complete);
        Assert.Equal(next[0].Rollout.Release.Id, await _world.Serves("web"));
        Assert.True(await Observe(next[0]) is { CompletedAt: not null } or { CompleteFor: not null });
    }

    [Fact]
    public async Task Every_effect_that_is_asked_for_twice_takes_place_once()
    {
        var first = await Running("web");
        var next = await Begin(await _world.Release(RolloutOutcome.Succeeds, "web"));
        await Engine.Start(next[0], Cancel);
        await UntilReady(next);
        await Engine.Start(next[0], Cancel);
        await UntilReady(next);

        await Move([next[0]]);
        await Move([next[0]]);
        await Until(next, ObservedState.Complete);
        await Move([next[0]]);
        Assert.Equal(ObservedState.Complete, (await Observe(next[0])).State);

        await Engine.Undo(next[0], Cancel);
        await Engine.Undo(next[0], Cancel);
        await UntilBack(next);
        await Engine.Undo(next[0], Cancel);
        await UntilBack(next);
        Assert.Equal(first.Release.Id, await _world.Serves("web"));
    }

    [Fact]
    public async Task A_service_that_was_complete_goes_back_to_what_ran_before()
    {
        var first = await Running("web", "api");
        var next = await Begin(await _world.Release(RolloutOutcome.Succeeds, "web", "api"));
        await UntilReady(next);
        await Move([next[0]]);
        await Until(async () => (await Observe(next[0])).State is ObservedState.Complete or ObservedState.Draining);

        foreach (var service in next) await Engine.Undo(service, Cancel);
        await UntilBack(next);
        Assert.Equal(first.Release.Id, await _world.Serves("web"));
        Assert.Equal(first.Release.Id, await _world.Serves("api"));
    }

    [Fact]
    public async Task All_services_are_observed_at_once_each_by_its_own_name()
    {
        await Running("web", "api");
        var next = await Begin(await _world.Release(RolloutOutcome.Succeeds, "web", "api"));
        await UntilReady(next);
        await Move(next);
        await Until(async () => (await Engine.Observe(next, Cancel)).Values.All(o => o.State == ObservedState.Complete));
        Assert.Equal(next.Select(s => s.Name).Order(), (await Engine.Observe([next[1], next[0]], Cancel)).Keys.Order());
        Assert.Empty(await Engine.Observe([], Cancel));
    }

    [Fact]
    public async Task A_release_that_cannot_start_says_why_and_never_serves()
    {
        var first = await Running("web");
        var bad = await Begin(await _world.Release(RolloutOutcome.Fails, "web"));
        var seen = await Until(bad, ObservedState.Failed);
        Assert.NotEmpty(seen.Reason!);
        Assert.NotEmpty(seen.LastLines);
        Assert.Equal(first.Release.Id, await _world.Serves("web"));

        await Engine.Undo(bad[0], Cancel);
        await UntilBack(bad);
        Assert.Equal(first.Release.Id, await _world.Serves("web"));
    }

    [Fact]
    public async Task A_first_release_ever_that_cannot_start_leaves_nothing()
    {
        var bad = await Begin(await _world.Release(RolloutOutcome.Fails, "web"));
        await Until(bad, ObservedState.Failed);
        await Engine.Undo(bad[0], Cancel);
        await UntilBack(bad);
        await End(bad, Outcome(bad[0].Rollout, PromotionStatus.Failed));
        Assert.Null(await _world.Serves("web"));
    }

    [Fact]
    public async Task A_release_that_is_never_healthy_stays_starting_with_the_reason_and_can_be_taken_back()
    {
        var first = await Running("web");
        var never = await Begin(await _world.Release(RolloutOutcome.NeverHealthy, "web"));
        await Until(async () => (await Observe(never[0])) is { State: ObservedState.Starting, Running: > 0, Reason.Length: > 0 });
        await Engine.Undo(never[0], Cancel);
        await UntilBack(never);
        Assert.Equal(first.Release.Id, await _world.Serves("web"));
    }

    [Fact]
    public async Task Taking_back_what_was_never_started_touches_nothing()
    {
        var first = await Running("web");
        var next = Services(await _world.Release(RolloutOutcome.Succeeds, "web"));
        await Engine.Undo(next[0], Cancel);
        await UntilBack(next);
        Assert.Equal(first.Release.Id, await _world.Serves("web"));
    }

    [Fact]
    public async Task A_release_can_be_tried_again_after_it_went_back()
    {
        await Running("web");
        var bad = await Begin(await _world.Release(RolloutOutcome.Fails, "web"));
        await Until(bad, ObservedState.Failed);
        await Engine.Undo(bad[0], Cancel);
        await UntilBack(bad);
        await End(bad, Outcome(bad[0].Rollout, PromotionStatus.Failed));

        var good = await Running("web");
        Assert.Equal(good.Release.Id, await _world.Serves("web"));
    }

    [Fact]
    public async Task A_service_that_the_release_no_longer_has_runs_until_the_promotion_has_succeeded()
    {
        var first = await Running("web", "api");
        var next = await _world.Release(RolloutOutcome.Succeeds, "web");
        var services = await Begin(next);
        await UntilReady(services);
        await Move([services[0]]);
        await Until(services, ObservedState.Complete);
        Assert.Equal(first.Release.Id, await _world.Serves("api"));

        await End(services, Outcome(next, PromotionStatus.Succeeded) with { Retired = [ServiceName.Parse("api")] });
        Assert.Null(await _world.Serves("api"));
        Assert.Equal(next.Release.Id, await _world.Serves("web"));
    }

    [Fact]
    public async Task A_service_that_left_and_comes_back_is_the_new_releases()
    {
        await Running("web", "api");
        var without = await Running("web");
        var cleaning = Engine.CleanUp(without.App.Name, Cancel);
        var again = await Running("web", "api");
        await cleaning;
        Assert.Equal(again.Release.Id, await _world.Serves("api"));
        Assert.Equal(again.Release.Id, await _world.Serves("web"));
    }

    [Fact]
    public async Task A_service_that_was_not_started_is_neither_ready_nor_complete()
    {
        await Running("web");
        var next = Services(await _world.Release(RolloutOutcome.Succeeds, "web", "api"));
        foreach (var service in next) Assert.Equal(ObservedState.Starting, (await Observe(service)).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_successor_that_knows_only_records_and_journal_goes_on_forward_and_back(bool afterTheTraffic)
    {
        var first = await Running("web");
        var next = await Begin(await _world.Release(RolloutOutcome.Succeeds, "web"));
        await UntilReady(next);
        if (afterTheTraffic) await Move([next[0]]);

        await _world.Die(first);
        await Engine.Start(next[0], Cancel);
        await Until(async () => (await Observe(next[0])).State is ObservedState.Healthy or ObservedState.Complete);
        await Move([next[0]]);
        await Until(next, ObservedState.Complete);
        Assert.Equal(next[0].Rollout.Release.Id, await _world.Serves("web"));

        await Engine.Undo(next[0], Cancel);
        await UntilBack(next);
        Assert.Equal(first.Release.Id, await _world.Serves("web"));
    }

    /// <summary>A release of these services, completed as a promotion does.</summary>
    private async Task<Rollout> Running(params string[] services)
    {
        var rollout = await _world.Release(RolloutOutcome.Succeeds, services);
        var started = await Begin(rollout);
        await UntilReady(started);
        await Move(started);
        await Until(started, ObservedState.Complete);
        var retired = _running.Except(services).Select(s => ServiceName.Parse(s));
        await End(started, Outcome(rollout, PromotionStatus.Succeeded) with { Retired = [.. retired] });
        _running = services;
        return rollout;
    }

    private async Task<ServiceRollout[]> Begin(Rollout rollout)
    {
        Assert.Empty(await Engine.Check(rollout, Cancel));
        var services = Services(rollout);
        foreach (var service in services) await Engine.Start(service, Cancel);
        return services;
    }

    /// <summary>Moves all traffic, as soon as every new process passes its check once more.</summary>
    private Task Move(IReadOnlyList<ServiceRollout> services) => Until(() => Engine.Route(services, new(100), Cancel));

    /// <summary>As the driver does once the outcome is decided; what is concluded twice is done once.</summary>
    private async Task End(ServiceRollout[] services, Promotion outcome)
    {
        if (Engine.Concludes)
            for (var times = 0; times < 2; times++) await Engine.Conclude(services, outcome, isLast: times == 1, Cancel);
        await Engine.Settle(services[0].Rollout, outcome, Cancel);
    }

    private static ServiceRollout[] Services(Rollout rollout) =>
        [.. rollout.Services.Select(s => new ServiceRollout(rollout, s, new MemoryJournal()))];

    private static Promotion Outcome(Rollout rollout, PromotionStatus status) =>
        A.Promotion(rollout.Release, status) with { Id = rollout.Promotion };

    private Task<Observation> Until(ServiceRollout[] services, ObservedState state) => Until(services, s => s == state);

    /// <summary>Every service is healthy; one that is not held back may be all done.</summary>
    private Task<Observation> UntilReady(ServiceRollout[] services) =>
        Until(services, s => s is ObservedState.Healthy or ObservedState.Complete);

    private async Task<Observation> Until(ServiceRollout[] services, Func<ObservedState, bool> isWanted)
    {
        Observation seen = null!;
        foreach (var service in services)
            await Until(async () => isWanted((seen = await Observe(service)).State));
        return seen;
    }

    private async Task<Observation> Observe(ServiceRollout service) => (await Engine.Observe([service], Cancel))[service.Name];

    private async Task UntilBack(ServiceRollout[] services)
    {
        foreach (var service in services)
            await Until(async () => (await Engine.ObserveUndo([service], Cancel))[service.Name].State == ObservedState.Complete);
    }

    /// <summary>Observes again whenever the engine asks for it; what doesn't come about in time fails the test.</summary>
    private async Task Until(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience.Limit);
        while (!await isSo()) await Engine.WaitForChange(A.App, limit.Token);
    }
}
