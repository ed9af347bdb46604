using System.Reflection;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>A driver is killed before or after every single write and effect; another one takes over and finishes it.</summary>
public sealed class TakeOverTests
{
    [Fact]
    public async Task The_next_promotion_is_driven_once_the_last_one_is_settled_while_that_is_still_cleaned_up()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var (settled, clean) = (new TaskCompletionSource(), new TaskCompletionSource());
        var settling = new TaskCompletionSource();
        scenario.Engine.Settling = _ =>
        {
            settling.TrySetResult();
            return settled.Task;
        };
        scenario.Engine.CleaningUp = () => clean.Task;
        var driver = scenario.Driver;
        var first = driver.Drive(await scenario.Begin(scenario.V2), CancellationToken.None);
        await settling.Task;
        scenario.Engine.Effects.Clear();

        var second = driver.Drive(await scenario.Begin(scenario.V1), CancellationToken.None);
        Assert.Empty(scenario.Engine.Effects);
        scenario.Engine.CleaningUp = () => Task.CompletedTask;
        settled.SetResult();
        Assert.Equal(PromotionStatus.Succeeded, (await second).Status);
        Assert.NotEmpty(scenario.Engine.Effects);

        clean.SetResult();
        Assert.Equal(PromotionStatus.Succeeded, (await first).Status);
    }

    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    public static TheoryData<RolloutOutcome, PromotionStatus> Outcomes() => new()
    {
        { RolloutOutcome.Succeeds, PromotionStatus.Succeeded },
        { RolloutOutcome.Fails, PromotionStatus.Failed },
        { RolloutOutcome.NeverHealthy, PromotionStatus.Failed },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task Whenever_the_driver_dies_its_successor_brings_the_promotion_to_the_same_end(RolloutOutcome outcome, PromotionStatus end)
    {
        var steps = await Run(outcome, killAt: int.MaxValue, end);
        Assert.True(steps > 10, $"Only {steps} steps were seen.");
        for (var step = 1; step <= steps; step++) await Run(outcome, step, end);
    }

    [Fact]
    public async Task A_driver_that_comes_back_late_is_fenced_off()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var late = await scenario.Begin(scenario.V2);
        var successor = await scenario.Store.TakeOver(late, "successor", scenario.By(EventKind.PromotionTakenOver));
        Assert.NotNull(successor);

        var fenced = await Assert.ThrowsAsync<ProblemException>(() => scenario.Driver.Drive(late, CancellationToken.None));

        Assert.True(fenced.Is(ProblemCode.Fenced));
        Assert.Empty(scenario.Engine.Effects);
        Assert.Equal(PromotionStatus.Succeeded, (await scenario.Driver.Drive(successor, CancellationToken.None)).Status);
    }

    /// <summary>Its environment can't be read for the moment, as while KMS can't be reached.</summary>
    [Fact]
    public async Task A_promotion_that_is_cancelled_while_its_release_cannot_be_read_is_cancelled()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var next = await scenario.AddRelease(environment: EnvironmentSet.Of([new("SECRET", "hunter22")]));
        var held = await scenario.Begin(next);
        scenario.Engine.Waiting = _ => throw new KilledException("a wait");
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));
        scenario.Engine.Waiting = _ => Task.CompletedTask;
        await scenario.Store.RequestCancel(scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested));
        var successor = (await scenario.Store.TakeOver(held, "successor", scenario.By(EventKind.PromotionTakenOver)))!;
        scenario.Store = FailingStore.Around(scenario.Store, called => called == nameof(IReleaseStore.ReadSnapshot));
        var ended = await scenario.Driver.Drive(successor, CancellationToken.None);
        Assert.Equal(
            (PromotionStatus.Cancelled, "anna", RolloutFailure.Cancelled("anna").Reason), (ended.Status, ended.CancelledBy, ended.Reason));
        Assert.Equal(scenario.FirstPromotion, scenario.Engine.Runs("web"));
    }

    [Fact]
    public async Task A_driver_shows_that_it_lives_as_long_as_it_drives_and_no_longer()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.TimeToHealthy = TimeSpan.FromMinutes(5);
        var held = await scenario.Begin(scenario.V2);
        var began = scenario.Time.GetUtcNow();
        // Every five seconds of the driver's clock have to bring a beat before the next second may begin.
        scenario.Engine.Waiting = async cancel =>
        {
            var due = (long)((scenario.Time.GetUtcNow() - began).TotalSeconds / 5);
            while ((await scenario.Store.FindLock(scenario.App, cancel))!.Beat < due) await Task.Yield();
        };

        var ended = await scenario.Driver.Drive(held, CancellationToken.None).WaitAsync(Patience.Limit);

        Assert.Equal(PromotionStatus.Succeeded, ended.Status);
    }

    [Fact]
    public async Task A_driver_whose_lock_was_taken_stops_even_while_nothing_changes()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.NeverHealthy;
        var held = await scenario.Begin(scenario.V2, TimeSpan.FromHours(10));
        scenario.Engine.Waiting = async cancel =>
        {
            await scenario.Store.TakeOver((await scenario.Store.FindLock(scenario.App, cancel))!, "successor",
                scenario.By(EventKind.PromotionTakenOver), cancel);
            scenario.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        };

        var fenced = await Assert.ThrowsAsync<ProblemException>(
            () => scenario.Driver.Drive(held, CancellationToken.None).WaitAsync(Patience.Limit));

        Assert.True(fenced.Is(ProblemCode.Fenced));
    }

    [Fact]
    public async Task What_was_complete_within_the_limit_is_a_success_however_late_somebody_looks()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var store = scenario.Store;
        var held = await scenario.Begin(scenario.V2);
        scenario.Store = KilledStore.Around(store, call => call == nameof(IReleaseStore.FinishPromotion));
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));

        scenario.Store = store;
        scenario.Time.Advance(TimeSpan.FromDays(3));
        var successor = await store.TakeOver((await store.FindLock(scenario.App))!, "successor", scenario.By(EventKind.PromotionTakenOver));
        Assert.Equal(PromotionStatus.Succeeded, (await scenario.Driver.Drive(successor!, CancellationToken.None)).Status);
    }

    private static async Task<int> Run(RolloutOutcome outcome, int killAt, PromotionStatus end)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Worker] = outcome;
        var (store, steps) = (scenario.Store, 0);
        var held = await scenario.Begin(scenario.V2, TimeSpan.FromMinutes(2));
        bool Die() => ++steps == killAt;

        scenario.Store = KilledStore.Around(store, _ => Die());
        scenario.Engine.BeforeEffect = effect =>
        {
            if (Die()) throw new KilledException(effect);
        };
        try
        {
            await scenario.Driver.Drive(held, CancellationToken.None);
        }
        catch (KilledException)
        {
            scenario.Store = store;
            scenario.Engine.BeforeEffect = _ => { };
            if (await store.FindLock(scenario.App) is { } seen)
                await scenario.Driver.Drive((await store.TakeOver(seen, "successor", scenario.By(EventKind.PromotionTakenOver)))!,
                    CancellationToken.None);
        }

        var promotion = (await store.FindPromotion(scenario.App, held.Promotion))!;
        var app = (await store.FindApp(scenario.App))!;
        var won = end == PromotionStatus.Succeeded;
        Assert.True(promotion.Status == end, $"killed at step {killAt}: {promotion.Status}, {promotion.Reason}");
        Assert.Equal(won ? scenario.V2.Id : scenario.V1.Id, app.Active);
        var runs = won ? held.Promotion : scenario.FirstPromotion;
        Assert.Equal((runs, runs), (scenario.Engine.Runs("web"), scenario.Engine.Runs("worker")));
        Assert.Null(await store.FindLock(scenario.App));
        Assert.Equal(scenario.Engine.Effects.Distinct(), scenario.Engine.Effects);
        return steps;
    }
}

/// <summary>The driver's process ends here.</summary>
public sealed class KilledException(string where) : Exception($"killed at {where}");

/// <summary>A store whose caller dies before or after one of its writes.</summary>
public class KilledStore : DispatchProxy
{
    private IReleaseStore _store = null!;
    private Func<string, bool> _die = null!;

    public static IReleaseStore Around(IReleaseStore store, Func<string, bool> die)
    {
        var killed = Create<IReleaseStore, KilledStore>();
        ((KilledStore)(object)killed)._store = store;
        ((KilledStore)(object)killed)._die = die;
        return killed;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name;
        if (name is not (nameof(IReleaseStore.SavePromotion) or nameof(IReleaseStore.FinishPromotion)))
            return targetMethod.Invoke(_store, args);
        if (_die(name)) throw new KilledException($"before {name}");
        var written = (Task)targetMethod.Invoke(_store, args)!;
        return _die(name) ? Task.FromException(new KilledException($"after {name}")) : written;
    }
}
