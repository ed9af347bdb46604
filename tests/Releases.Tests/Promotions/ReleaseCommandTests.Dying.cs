using Xunit;

namespace Releases.Tests.Promotions;

/// <content>Drivers that die, or can't reach the records, as a command ends.</content>
public sealed partial class ReleaseCommandTests
{
    [Fact]
    public async Task A_cancel_that_cannot_be_read_once_more_is_not_forgotten()
    {
        var (scenario, next) = await Scenario();
        var held = await scenario.Begin(next);
        var (store, isStopped) = (scenario.Store, false);
        scenario.Engine.Releases = async (_, stop) =>
        {
            await store.RequestCancel(scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested), CancellationToken.None);
            await Stopped(stop);
            isStopped = true;
            throw new OperationCanceledException(stop);
        };
        scenario.Store = FailingStore.Around(store, name => isStopped && name == nameof(IReleaseStore.FindLock));
        await Assert.ThrowsAsync<ProblemException>(() => scenario.Driver.Drive(held, CancellationToken.None));

        scenario.Store = store;
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal((PromotionStatus.Cancelled, "anna"), (ended.Status, ended.CancelledBy));
        Assert.Equal(["release web"], scenario.Engine.Effects);
    }

    public static TheoryData<string, PromotionStatus> Failures => new()
    {
        { "the release command of web exited with code 3.", PromotionStatus.Failed },
        { "the release command of web didn't finish within 10m and was stopped.", PromotionStatus.Failed },
        { "the release command of web couldn't be run: The disk is full.", PromotionStatus.Failed },
        { "the release command of web couldn't be stopped: It hangs.", PromotionStatus.Stuck },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task The_failure_of_one_stands_also_if_its_driver_dies_before_the_end_is_recorded(string reason, PromotionStatus status)
    {
        var (scenario, next) = await Scenario();
        scenario.Engine.Releases = async (_, stop) =>
        {
            if (reason.Contains("disk", StringComparison.Ordinal)) throw new Problem(ProblemCode.DiskFull, "The disk is full.").ToException();
            if (reason.Contains("code 3", StringComparison.Ordinal)) return new(3, []);
            await Stopped(stop);
            return status == PromotionStatus.Stuck
                ? throw new Problem(ProblemCode.Daemon, "It hangs.", Kind: ProblemKind.NeedsPerson).ToException() : new(143, []);
        };
        var held = await scenario.Begin(next);
        var store = scenario.Store;
        scenario.Store = FailingStore.Around(store, name => name == nameof(IReleaseStore.FinishPromotion));
        await Assert.ThrowsAsync<ProblemException>(() => scenario.Driver.Drive(held, CancellationToken.None));

        scenario.Store = store;
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal((status, reason), (ended.Status, ended.Reason));
        Assert.DoesNotContain(scenario.Engine.Effects, e => e.StartsWith("start", StringComparison.Ordinal));
    }
}
