using Xunit;

namespace Releases.Tests.Promotions;

/// <content>What holds at the moment at which a step begins.</content>
public sealed partial class ProgressiveTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancel_counts_whether_the_approval_came_before_or_after_it(bool approvedFirst)
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: Hour);
        scenario.Engine.Waiting = async cancel =>
        {
            if (!(await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!.Hold!.IsWaiting) return;
            if (approvedFirst) await Approve();
            await scenario.Store.RequestCancel(scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested), cancel);
            if (!approvedFirst) await Approve();

            Task Approve() => scenario.Store.Approve(scenario.App, held.Promotion, scenario.By(EventKind.PromotionApproved), cancel);
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal((PromotionStatus.Cancelled, "anna"), (ended.Status, ended.CancelledBy));
        Assert.DoesNotContain(scenario.Engine.Effects, IsRoute);
    }

    [Fact]
    public async Task A_step_whose_time_has_come_does_not_begin_after_a_cancel()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        var held = await scenario.Begin(next);
        DateTimeOffset? canarySince = null;
        scenario.Engine.Waiting = async cancel =>
        {
            if (scenario.Engine.Effects.Any(IsRoute)) canarySince ??= scenario.Time.GetUtcNow();
            if (scenario.Time.GetUtcNow() >= canarySince + TimeSpan.FromSeconds(119))
                await scenario.Store.RequestCancel(scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested), cancel);
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal(PromotionStatus.Cancelled, ended.Status);
        Assert.All(scenario.Engine.Effects.Where(IsRoute), e => Assert.Contains(" 10 %", e, StringComparison.Ordinal));
        Back(scenario);
    }

    [Fact]
    public async Task Traffic_does_not_move_while_the_services_cannot_be_observed()
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: Hour);
        var (looks, moved) = (0, false);
        scenario.Engine.BeforeEffect = effect => moved |= IsRoute(effect) && scenario.Engine.IsUnreachable;
        scenario.Engine.Waiting = async cancel =>
        {
            if (!(await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!.Hold!.IsWaiting && looks == 0) return;
            scenario.Engine.IsUnreachable = looks++ < 30;
            // The services were ready when they were last observed.
            if (looks == 2)
                await scenario.Store.Approve(scenario.App, held.Promotion, scenario.By(EventKind.PromotionApproved), cancel);
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.InRange(looks, 31, 60);
        Assert.False(moved);
    }

    private static bool IsRoute(string effect) => effect.StartsWith("route", StringComparison.Ordinal);
}
