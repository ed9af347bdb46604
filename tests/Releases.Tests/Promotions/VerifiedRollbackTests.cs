using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>A rollback is over when every service is back at that moment, whoever found that it was back before.</summary>
public sealed class VerifiedRollbackTests
{
    private static readonly ServiceName Web = ServiceName.Parse("web");
    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    [Theory]
    [InlineData(false, false, 15, PromotionStatus.Stuck)]
    [InlineData(false, true, 15, PromotionStatus.Failed)]
    [InlineData(false, true, -5, PromotionStatus.Failed)]
    [InlineData(true, false, 15, PromotionStatus.Failed)]
    public async Task A_successor_whose_predecessor_took_the_processes_along_verifies_all_services_again(
        bool keepsRunning, bool comesBack, int minutesLeft, PromotionStatus expected)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        if (keepsRunning) scenario.Engine.OnConclude = _ => Task.CompletedTask;
        var held = await scenario.Begin(scenario.V2);
        var now = scenario.Time.GetUtcNow();
        await LeaveRollingBack(scenario, held, now.AddMinutes(minutesLeft));
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.SucceedsAndNeverRollsBack;
        if (comesBack) ComesBack(scenario, now.AddMinutes(5));

        var successor = await scenario.Store.TakeOver(held, "successor", scenario.By(EventKind.PromotionTakenOver));
        var ended = await scenario.Driver.Drive(successor!, CancellationToken.None);

        Assert.Equal(expected, ended.Status);
        Assert.Equal(
            expected == PromotionStatus.Stuck ? ServiceStatus.Stuck : ServiceStatus.RolledBack,
            ended.Services.Single(s => s.Service == Worker).Status);
        if (comesBack) Assert.True(ended.EndedAt >= now.AddMinutes(5));
    }

    [Theory]
    [InlineData(false, false, PromotionStatus.Stuck)]
    [InlineData(false, true, PromotionStatus.Failed)]
    [InlineData(true, false, PromotionStatus.Failed)]
    public async Task A_successor_that_begins_a_rollback_also_verifies_services_that_were_never_started(
        bool keepsRunning, bool comesBack, PromotionStatus expected)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        if (keepsRunning) scenario.Engine.OnConclude = _ => Task.CompletedTask;
        var held = await scenario.Begin(scenario.V2);
        var now = scenario.Time.GetUtcNow();
        await scenario.Store.SavePromotion(held, (await scenario.Store.FindPromotion(scenario.App, held.Promotion))! with
        {
            Status = PromotionStatus.RollingOut,
            Deadline = now,
            Services = [.. new[] { (Web, ServiceStatus.Starting), (Worker, ServiceStatus.Waiting) }
                .Select(s => new PromotionService { Service = s.Item1, Desired = 1 }.At(s.Item2, now))],
        });
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.SucceedsAndNeverRollsBack;
        if (comesBack) ComesBack(scenario, now.AddMinutes(5));

        var successor = await scenario.Store.TakeOver(held, "successor", scenario.By(EventKind.PromotionTakenOver));
        var ended = await scenario.Driver.Drive(successor!, CancellationToken.None);

        Assert.Equal(expected, ended.Status);
        Assert.Equal(
            [ServiceStatus.RolledBack, expected == PromotionStatus.Stuck ? ServiceStatus.Stuck : ServiceStatus.RolledBack],
            ended.Services.Select(s => s.Status));
        Assert.Empty(scenario.Engine.Effects);
        if (comesBack) Assert.True(ended.EndedAt >= now.AddMinutes(5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_that_was_back_and_fails_while_another_one_is_rolled_back_is_waited_for(bool interrupts)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Web] = RolloutOutcome.SucceedsAndNeverRollsBack;
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.Fails;
        var held = await scenario.Begin(scenario.V2);
        DateTimeOffset? failed = null;
        var isInterrupted = false;
        scenario.Store = FailingStore.Around(scenario.Store, called =>
        {
            var now = called == nameof(IReleaseStore.SavePromotion) && isInterrupted;
            if (now) isInterrupted = false;
            return now;
        });
        scenario.Engine.Waiting = async cancel =>
        {
            var promotion = (await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!;
            if (failed is null && promotion.Services.Any(s => s.Status == ServiceStatus.RolledBack))
            {
                failed = scenario.Time.GetUtcNow();
                scenario.Engine.Outcomes[Worker] = RolloutOutcome.SucceedsAndNeverRollsBack;
                isInterrupted = interrupts;
            }
            else if (failed is { } since && scenario.Time.GetUtcNow() - since > TimeSpan.FromMinutes(1))
            {
                scenario.Engine.Outcomes[Web] = RolloutOutcome.Succeeds;
                if (scenario.Time.GetUtcNow() - since > TimeSpan.FromMinutes(3)) scenario.Engine.Outcomes[Worker] = RolloutOutcome.Succeeds;
            }
        };

        var ended = (await new RetryingDriver(scenario.Driver, _ => { }, new SteppingTime(scenario.Time))
            .Run(held, TestContext.Current.CancellationToken))!;

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.True(ended.EndedAt - failed > TimeSpan.FromMinutes(3));
        Assert.False(isInterrupted);
        Assert.Equal(
            [ServiceStatus.RollingBack, ServiceStatus.RolledBack, ServiceStatus.RollingBack, ServiceStatus.RolledBack],
            ended.Services.Single(s => s.Service == Worker).Timeline.TakeLast(4).Select(s => s.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Interruptions_of_one_driver_do_not_extend_its_rollback(bool isSuccessor)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Web] = RolloutOutcome.Fails;
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.SucceedsAndNeverRollsBack;
        var held = await scenario.Begin(scenario.V2);
        if (isSuccessor)
        {
            await LeaveRollingBack(scenario, held, scenario.Time.GetUtcNow().AddMinutes(15));
            held = (await scenario.Store.TakeOver(held, "successor", scenario.By(EventKind.PromotionTakenOver)))!;
        }

        var began = scenario.Time.GetUtcNow();
        var interrupted = began;
        scenario.Store = FailingStore.Around(scenario.Store, called =>
        {
            var isDue = called == nameof(IReleaseStore.FindLock)
                && scenario.Time.GetUtcNow() - interrupted > TimeSpan.FromMinutes(4)
                && scenario.Time.GetUtcNow() - began < TimeSpan.FromHours(1);
            if (isDue) interrupted = scenario.Time.GetUtcNow();
            return isDue;
        });

        var ended = await new RetryingDriver(scenario.Driver, _ => { }, new SteppingTime(scenario.Time))
            .Run(held, TestContext.Current.CancellationToken);

        Assert.Equal(PromotionStatus.Stuck, ended!.Status);
        Assert.True(interrupted - began > TimeSpan.FromMinutes(8));
        Assert.InRange(ended.EndedAt!.Value - began, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(20));
    }

    [Fact]
    public async Task Why_a_service_is_rolled_back_is_not_lost_when_the_driver_is_interrupted_while_it_waits_for_something_else()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.Fails;
        var held = await scenario.Begin(scenario.V2);
        var (refused, isInterrupted) = (0, false);
        scenario.Engine.BeforeEffect = effect =>
        {
            if (!effect.StartsWith("undo", StringComparison.Ordinal) || ++refused > 6) return;
            throw new Problem(ProblemCode.Daemon, "Not now.").ToException();
        };
        var waitsFor = new HashSet<string?>();
        scenario.Store = FailingStore.Around(scenario.Store, called =>
            called == nameof(IReleaseStore.FindLock) && refused >= 2 && !isInterrupted && (isInterrupted = true));
        scenario.Engine.Waiting = async cancel => waitsFor.UnionWith(
            (await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!.Services.Select(s => s.Reason));

        var ended = await new RetryingDriver(scenario.Driver, _ => { }, new SteppingTime(scenario.Time))
            .Run(held, TestContext.Current.CancellationToken);

        Assert.True(isInterrupted);
        Assert.Contains("Not now.", waitsFor);
        Assert.Equal([(Web, null), (Worker, "exited with code 3")], ended!.Services.Select(s => (s.Service, s.Reason)));
        Assert.All(ended.Services, s => Assert.Null(s.Cause));
    }

    /// <summary>On a rack that keeps running it, what a service does after it is back isn't waited for.</summary>
    [Fact]
    public async Task A_service_that_is_back_keeps_why_it_was_rolled_back()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.OnConclude = _ => Task.CompletedTask;
        scenario.Engine.Outcomes[Web] = RolloutOutcome.SucceedsAndNeverRollsBack;
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.Fails;
        scenario.Engine.UndoWaitsFor = "1 of 2 tasks is running";
        var held = await scenario.Begin(scenario.V2);
        var waits = 0;
        scenario.Engine.Waiting = async cancel =>
        {
            var promotion = (await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!;
            if (promotion.Services.All(s => s.Status != ServiceStatus.RolledBack)) return;
            scenario.Engine.Outcomes[Worker] = RolloutOutcome.SucceedsAndNeverRollsBack;
            if (++waits > 3) scenario.Engine.Outcomes[Web] = RolloutOutcome.Succeeds;
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal((PromotionStatus.Failed, "worker exited with code 3."), (ended.Status, ended.Reason));
        Assert.Equal([(Web, null), (Worker, "exited with code 3")], ended.Services.Select(s => (s.Service, s.Reason)));
    }

    /// <summary>Leaves the promotion as a driver does that dies when one of two services is back.</summary>
    private static async Task LeaveRollingBack(PromoteScenario scenario, PromotionLock held, DateTimeOffset until)
    {
        var (promotion, now) = ((await scenario.Store.FindPromotion(scenario.App, held.Promotion))!, scenario.Time.GetUtcNow());
        await scenario.Store.SavePromotion(held, promotion with
        {
            Status = PromotionStatus.RollingBack,
            Reason = "web exited.",
            RollbackDeadline = until,
            Services =
            [
                new PromotionService { Service = Web }.At(ServiceStatus.RollingBack, now),
                new PromotionService { Service = Worker }.At(ServiceStatus.RollingBack, now).At(ServiceStatus.RolledBack, now),
            ],
        });
    }

    private static void ComesBack(PromoteScenario scenario, DateTimeOffset at) => scenario.Engine.Waiting = _ =>
    {
        if (scenario.Time.GetUtcNow() >= at) scenario.Engine.Outcomes[Worker] = RolloutOutcome.Succeeds;
        return Task.CompletedTask;
    };
}
