using Releases.Testing;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_successor_that_cannot_read_the_release_neither_runs_a_command_nor_starts_or_succeeds(bool lacksManifest)
    {
        for (var step = 1; await Dies(step, lacksManifest); step++)
        {
        }
    }

    [Fact]
    public async Task An_environment_that_cannot_be_read_for_a_moment_is_waited_for_although_a_command_took_longer_than_the_rollout_may()
    {
        var (scenario, next) = await Scenario(("SECRET", "hunter22"));
        var held = await scenario.Begin(next, TimeSpan.FromMinutes(1));
        DateTimeOffset? migrated = null;
        scenario.Engine.Releases = (_, _) =>
        {
            scenario.Time.Advance(TimeSpan.FromMinutes(5));
            migrated ??= scenario.Time.GetUtcNow();
            return Task.FromResult(new CommandEnd(0, []));
        };
        var isInterrupted = false;
        scenario.Store = FailingStore.Around(scenario.Store, called =>
        {
            if (called == nameof(IReleaseStore.ReadSnapshot)) return scenario.Time.GetUtcNow() < migrated + TimeSpan.FromSeconds(30);
            return called == nameof(IReleaseStore.FindLock) && migrated is not null && !isInterrupted && (isInterrupted = true);
        });

        var driver = new RetryingDriver(scenario.Driver, _ => { }, new SteppingTime(scenario.Time));
        var ended = (await driver.Run(held, CancellationToken.None))!;

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(["hunter22", "hunter22"], scenario.Engine.Commands.Select(c => c.Environment.GetValueOrDefault("SECRET")));
    }

    /// <summary>Returns whether a driver reached the step at which it dies; its successor can't read the release.</summary>
    private static async Task<bool> Dies(int killAt, bool lacksManifest)
    {
        var (scenario, next) = await Scenario(("SECRET", "hunter22"));
        var held = await scenario.Begin(next, allowEmpty: true);
        var (store, step) = (scenario.Store, 0);
        scenario.Store = KilledStore.Around(store, _ => ++step == killAt);
        try
        {
            await scenario.Driver.Drive(held, CancellationToken.None);
            return false;
        }
        catch (KilledException)
        {
        }

        if (await store.FindLock(scenario.App) is not { } seen) return true;
        scenario.Engine.Effects.Clear();
        scenario.Vault.IsLocked = !lacksManifest;
        scenario.Store = InterferedStore.Of((InMemoryReleaseStore)store, (method, _, call) =>
            lacksManifest && method.Name == nameof(IReleaseStore.ReadManifest) ? Task.FromResult("services: [unknown]") : call());
        var successor = await store.TakeOver(seen, "successor", scenario.By(EventKind.PromotionTakenOver));
        var ended = await scenario.Driver.Drive(successor!, CancellationToken.None);

        Assert.True(ended.Status == PromotionStatus.Failed, $"killed at step {killAt}: {ended.Status}, {ended.Reason}");
        Assert.DoesNotContain(scenario.Engine.Effects, e => !e.StartsWith("undo", StringComparison.Ordinal));
        return true;
    }
}
