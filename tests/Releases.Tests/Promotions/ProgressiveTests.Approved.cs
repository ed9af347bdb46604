using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <content>When an approval was given, and when the driver reads it.</content>
public sealed partial class ProgressiveTests
{
    /// <summary>A driver reads it later if it polls, was taken over, or couldn't reach the store.</summary>
    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task Whoever_was_told_that_it_is_approved_has_approved_it(int secondsAfterTheEnd)
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: Hour);
        var isApproved = false;
        scenario.Engine.Waiting = async cancel =>
        {
            if (isApproved || await Hold(scenario, held) is not { IsWaiting: true } hold) return;
            isApproved = true;
            // The wait itself takes another second.
            scenario.Time.Advance(hold.Until!.Value.AddSeconds(secondsAfterTheEnd - 1) - scenario.Time.GetUtcNow());
            Assert.True(await scenario.Store.Approve(scenario.App, held.Promotion, scenario.By(EventKind.PromotionApproved), cancel));
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        var after = TimeSpan.FromSeconds(secondsAfterTheEnd);
        Assert.Equal(("anna", after), (ended.Hold!.ApprovedBy, ended.Hold.ApprovedAt!.Value - ended.Hold.Until!.Value));
        // What remains of the limit is what remained when the wait began.
        Assert.Equal(ended.StartedAt + TimeSpan.FromMinutes(10) + Hour + after, ended.Deadline);
    }

    [Fact]
    public async Task Nobody_is_told_so_once_the_wait_has_ended_whatever_comes_between()
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var store = scenario.Store;
        bool? approved = null;
        scenario.Store = InterferedStore.Of((InMemoryReleaseStore)store, (method, arguments, call) =>
            method.Name == nameof(IReleaseStore.SavePromotion) && ((Promotion)arguments[1]!).Status == PromotionStatus.RollingBack
                ? ApprovedBefore((Promotion)arguments[1]!, call) : call());
        var ended = await scenario.Driver.Drive(await scenario.Begin(next, holdFor: Hour), CancellationToken.None);
        Assert.Equal((false, PromotionStatus.Failed, "nobody approved it within 1h."), (approved, ended.Status, ended.Reason));
        Assert.DoesNotContain(await store.ListEvents(scenario.App, 20), e => e.Kind == EventKind.PromotionApproved);
        Back(scenario);

        async Task ApprovedBefore(Promotion saved, Func<object?> call)
        {
            approved ??= await store.Approve(scenario.App, saved.Id, scenario.By(EventKind.PromotionApproved));
            await (Task)call()!;
        }
    }

    [Fact]
    public async Task A_hold_that_was_cancelled_is_cancelled_also_if_that_is_read_after_its_end()
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: Hour);
        await Dies(scenario, held);
        Assert.True(await scenario.Store.Approve(scenario.App, held.Promotion, scenario.By(EventKind.PromotionApproved)));
        Assert.True(await scenario.Store.RequestCancel(scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested)));
        scenario.Time.Advance((await Hold(scenario, held))!.Until!.Value.AddSeconds(1) - scenario.Time.GetUtcNow());
        var ended = await scenario.Driver.Drive(await TakenOver(scenario), CancellationToken.None);
        Assert.Equal((PromotionStatus.Cancelled, "anna"), (ended.Status, ended.CancelledBy));
        Back(scenario);
    }

    /// <summary>It has the time of a rollout for that, from when it took over.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_successor_rolls_back_if_the_services_of_a_held_release_dont_become_ready_again(bool isUnreachable)
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: Hour);
        await Dies(scenario, held);
        scenario.Time.Advance((await Hold(scenario, held))!.Until!.Value.AddSeconds(1) - scenario.Time.GetUtcNow());
        scenario.Engine.IsUnreachable = isUnreachable;
        foreach (var service in next.Services.Keys) scenario.Engine.Outcomes[service] = RolloutOutcome.NeverHealthy;
        var tookOver = scenario.Time.GetUtcNow();
        var ended = await scenario.Driver.Drive(await TakenOver(scenario), CancellationToken.None);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.InRange(ended.EndedAt!.Value - tookOver, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public async Task An_approval_in_time_counts_for_a_successor_that_comes_after_the_limit()
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: Hour);
        await Dies(scenario, held);
        var promotion = (await scenario.Store.FindPromotion(scenario.App, held.Promotion))!;
        await scenario.Store.Approve(scenario.App, held.Promotion, scenario.By(EventKind.PromotionApproved), CancellationToken.None);
        scenario.Time.Advance(promotion.Deadline + TimeSpan.FromMinutes(3) - scenario.Time.GetUtcNow());
        var ended = await scenario.Driver.Drive(await TakenOver(scenario), CancellationToken.None);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
    }

    private static async Task<PromotionHold?> Hold(PromoteScenario scenario, PromotionLock held) =>
        (await scenario.Store.FindPromotion(scenario.App, held.Promotion))!.Hold;

    /// <summary>Drives it until it waits for the approval.</summary>
    private static async Task Dies(PromoteScenario scenario, PromotionLock held)
    {
        scenario.Engine.Waiting = async _ =>
        {
            if (await Hold(scenario, held) is { IsWaiting: true }) throw new KilledException("a wait");
        };
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));
        scenario.Engine.Waiting = _ => Task.CompletedTask;
    }

    private static async Task<PromotionLock> TakenOver(PromoteScenario scenario) =>
        (await scenario.Store.TakeOver(
            (await scenario.Store.FindLock(scenario.App))!, "successor", scenario.By(EventKind.PromotionTakenOver)))!;
}
