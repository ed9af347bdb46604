using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <content>When an approval was given, and when the driver reads it.</content>
public sealed partial class ProgressiveTests
{
    /// <summary>A driver reads it later if it polls, was taken over, or couldn't reach the store. Clocks differ, too.</summary>
    /// <param name="read">When the driver reads it, in seconds after the end of the wait.</param>
    /// <param name="given">When it was given; null if an earlier version gave it, which doesn't record that.</param>
    /// <param name="counts">Whether it counts.</param>
    [Theory]
    [InlineData(10, -2, true)]
    [InlineData(10, 0, false)]
    [InlineData(10, null, false)]
    [InlineData(-10, 3600, true)]
    [InlineData(-10, null, true)]
    public async Task An_approval_counts_by_when_it_was_given(int read, int? given, bool counts)
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var store = scenario.Store;
        if (given is null)
            scenario.Store = InterferedStore.Of((InMemoryReleaseStore)store, (method, _, call) =>
                method.Name == nameof(IReleaseStore.FindLock) ? WithoutTime((Task<PromotionLock?>)call()!) : call());
        var held = await scenario.Begin(next, holdFor: Hour);
        var isApproved = false;
        scenario.Engine.Waiting = async cancel =>
        {
            if (isApproved || (await store.FindPromotion(scenario.App, held.Promotion, cancel))!.Hold is not { IsWaiting: true } hold) return;
            isApproved = true;
            // The wait itself takes another second.
            scenario.Time.Advance(hold.Until!.Value.AddSeconds(read - 1) - scenario.Time.GetUtcNow());
            var approval = scenario.By(EventKind.PromotionApproved) with { At = hold.Until.Value.AddSeconds(given ?? -2) };
            await store.Approve(scenario.App, held.Promotion, approval, cancel);
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        if (!counts)
        {
            Assert.Equal((PromotionStatus.Failed, "nobody approved it within 1h."), (ended.Status, ended.Reason));
            Back(scenario);
            return;
        }

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(("anna", TimeSpan.FromSeconds(read)), (ended.Hold!.ApprovedBy, ended.Hold.ApprovedAt!.Value - ended.Hold.Until!.Value));
        // What remains of the limit is what remained when the wait began.
        Assert.Equal(ended.StartedAt + TimeSpan.FromMinutes(10) + Hour + TimeSpan.FromSeconds(read), ended.Deadline);

        static async Task<PromotionLock?> WithoutTime(Task<PromotionLock?> reading) =>
            await reading is { } held ? held with { ApprovedAt = null } : null;
    }

    [Fact]
    public async Task An_approval_in_time_counts_for_a_successor_that_comes_after_the_limit()
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: Hour);
        scenario.Engine.Waiting = async cancel =>
        {
            if ((await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!.Hold is { IsWaiting: true })
                throw new KilledException("a wait");
        };
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));
        scenario.Engine.Waiting = _ => Task.CompletedTask;
        var promotion = (await scenario.Store.FindPromotion(scenario.App, held.Promotion))!;
        var approval = scenario.By(EventKind.PromotionApproved) with { At = promotion.Hold!.Until!.Value.AddSeconds(-10) };
        await scenario.Store.Approve(scenario.App, held.Promotion, approval, CancellationToken.None);
        scenario.Time.Advance(promotion.Deadline + TimeSpan.FromMinutes(3) - scenario.Time.GetUtcNow());
        var seen = (await scenario.Store.FindLock(scenario.App))!;
        var ended = await scenario.Driver.Drive(
            (await scenario.Store.TakeOver(seen, "successor", scenario.By(EventKind.PromotionTakenOver)))!, CancellationToken.None);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
    }
}
