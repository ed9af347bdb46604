using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>What follows from an outcome is done before the outcome is recorded and the lock released.</summary>
public sealed class ConclusionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RolloutOutcome.Succeeds, PromotionStatus.Succeeded)]
    [InlineData(RolloutOutcome.Fails, PromotionStatus.Failed)]
    [InlineData(RolloutOutcome.Superseded, PromotionStatus.Stuck)]
    public async Task The_lock_is_held_and_the_promotion_is_open_while_its_outcome_is_concluded(
        RolloutOutcome outcome, PromotionStatus status)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var seen = new List<(PromotionStatus Outcome, bool IsLocked, bool HasEnded, ReleaseId? Active)>();
        scenario.Engine.Outcomes[A.Web] = outcome;
        scenario.Engine.OnConclude = async ended => seen.Add((
            ended.Status, await scenario.Store.FindLock(scenario.App, Cancel) is not null,
            (await scenario.Store.FindPromotion(scenario.App, ended.Id, Cancel))!.Ended,
            (await scenario.Store.FindApp(scenario.App, Cancel))!.Active));
        var promoted = await scenario.Promote(scenario.V2);
        Assert.Equal(status, promoted.Status);
        Assert.Equal((status, true, false, scenario.V1.Id), Assert.Single(seen));
        var recorded = (await scenario.Store.FindPromotion(scenario.App, promoted.Id, Cancel))!;
        Assert.All(recorded.Services, s => Assert.Equal("concluded", s.Engine!.Value.GetString()));
        Assert.False(promoted.IsDecided);
        Assert.Null(await scenario.Store.FindLock(scenario.App, Cancel));
    }

    /// <summary>A service that the release no longer has may be stopped by then.</summary>
    [Fact]
    public async Task What_has_succeeded_stays_so_for_a_successor_whatever_happens_meanwhile()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2, TimeSpan.FromMinutes(1));
        scenario.Engine.OnConclude = _ => throw new InvalidOperationException("The driver is dead.");
        await Assert.ThrowsAsync<InvalidOperationException>(() => scenario.Driver.Drive(held, Cancel));
        Assert.True((await scenario.Store.FindPromotion(scenario.App, held.Promotion, Cancel))!.IsDecided);

        scenario.Time.Advance(TimeSpan.FromHours(1));
        scenario.Engine.Outcomes[A.Web] = RolloutOutcome.Fails;
        await scenario.Store.RequestCancel(scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested), Cancel);
        var concluded = 0;
        scenario.Engine.OnConclude = _ => Task.FromResult(++concluded);
        var successor = await scenario.Store.TakeOver(
            (await scenario.Store.FindLock(scenario.App, Cancel))!, "successor", scenario.By(EventKind.PromotionTakenOver), Cancel);
        Assert.Equal(PromotionStatus.Succeeded, (await scenario.Driver.Drive(successor!, Cancel)).Status);
        Assert.Equal((1, scenario.V2.Id), (concluded, (await scenario.Store.FindApp(scenario.App, Cancel))!.Active));
    }

    [Theory]
    [InlineData(ProblemKind.Unavailable, 120)]
    [InlineData(ProblemKind.Failed, 0)]
    public async Task What_cannot_be_concluded_is_a_warning_and_the_outcome_stands(ProblemKind kind, int seconds)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        DateTimeOffset? first = null, last = null;
        scenario.Engine.OnConclude = _ =>
        {
            last = scenario.Time.GetUtcNow();
            first ??= last;
            throw new Problem(ProblemCode.Unreachable, "worker couldn't be stopped.", "Stop it.", kind).ToException();
        };
        var promoted = await scenario.Promote(scenario.V2);
        Assert.Equal(PromotionStatus.Succeeded, promoted.Status);
        Assert.Equal("worker couldn't be stopped. Stop it.", Assert.Single(promoted.Services.SelectMany(s => s.Warnings)));
        Assert.InRange(last!.Value - first!.Value, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 3));
        Assert.Equal(
            scenario.Engine.LastTries.Select((_, n) => seconds > 0 && n == scenario.Engine.LastTries.Count - 1),
            scenario.Engine.LastTries);
    }

    [Fact]
    public async Task A_driver_that_was_taken_over_meanwhile_records_nothing()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.OnConclude = _ => throw new Problem(ProblemCode.Fenced, "another driver has it.").ToException();
        var held = await scenario.Begin(scenario.V2);
        var fenced = await Assert.ThrowsAsync<ProblemException>(() => scenario.Driver.Drive(held, Cancel));
        Assert.True(fenced.Is(ProblemCode.Fenced));
        Assert.False((await scenario.Store.FindPromotion(scenario.App, held.Promotion, Cancel))!.Ended);
    }
}
