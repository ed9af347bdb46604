using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

public sealed partial class ReleaseCommandTests
{
    private const string Migrating =
        """
        services:
          web:
            build: Web
            release: ./migrate
          worker:
            build: Worker
            release: [echo, ready]
        """;

    private static readonly ServiceName Web = ServiceName.Parse("web");

    [Fact]
    public async Task They_run_once_in_order_before_anything_moves_and_what_they_printed_is_kept()
    {
        var (scenario, next) = await Scenario();
        var ended = await scenario.Promote(next);

        Assert.Equal(PromotionStatus.Succeeded, ended.Status);
        Assert.Equal(["release web", "release worker", "start web", "start worker", "route web 100 %", "route worker 100 %"],
            scenario.Engine.Effects);
        Assert.Equal((0, "web was migrated"), (ended.ReleaseCommands[0].ExitCode!.Value, ended.ReleaseCommands[0].LastLines.Single()));
    }

    [Fact]
    public async Task One_that_fails_stops_the_promotion_before_anything_moved()
    {
        var (scenario, next) = await Scenario(("SECRET", "hunter22"));
        scenario.Engine.Releases = (_, _) => Task.FromResult(new CommandEnd(3, ["no table for hunter22"]));
        var ended = await scenario.Promote(next);

        Assert.Equal((PromotionStatus.Failed, "the release command of web exited with code 3."), (ended.Status, ended.Reason));
        Assert.Equal(["release web"], scenario.Engine.Effects);
        Assert.Equal("no table for ****", ended.ReleaseCommands.Single().LastLines.Single());
        Assert.Equal(scenario.V1.Id, (await scenario.Store.FindApp(scenario.App))!.Active);
    }

    [Fact]
    public async Task One_that_cannot_be_started_fails_with_why()
    {
        var (scenario, next) = await Scenario();
        scenario.Engine.Releases = (_, _) => throw new Problem(ProblemCode.DiskFull, "The disk is full.").ToException();
        Assert.Equal("the release command of web couldn't be run: The disk is full.", (await scenario.Promote(next)).Reason);
    }

    [Fact]
    public async Task One_that_takes_too_long_is_ended()
    {
        var (scenario, next) = await Scenario();
        var wasEnded = false;
        scenario.Engine.Releases = async (_, stop) =>
        {
            await Stopped(stop);
            wasEnded = true;
            return new(143, ["half done"]);
        };
        var ended = await scenario.Promote(next);

        Assert.True(wasEnded);
        Assert.Equal("the release command of web didn't finish within 10m and was stopped.", ended.Reason);
        Assert.Equal(["half done"], ended.ReleaseCommands.Single().LastLines);
        Assert.True(ended.EndedAt - ended.StartedAt < TimeSpan.FromMinutes(11));
    }

    [Fact]
    public async Task A_cancelled_one_is_ended_and_nothing_is_touched()
    {
        var (scenario, next) = await Scenario();
        var held = await scenario.Begin(next);
        scenario.Engine.Releases = async (_, stop) =>
        {
            await scenario.Store.RequestCancel(scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested),
                CancellationToken.None);
            await Stopped(stop);
            return new(143, []);
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal((PromotionStatus.Cancelled, "anna"), (ended.Status, ended.CancelledBy));
        Assert.Equal(["release web"], scenario.Engine.Effects);
    }

    [Theory]
    [InlineData("web", new[] { "release web" })]
    [InlineData("worker", new[] { "release web", "release worker" })]
    public async Task None_is_begun_after_a_cancel_that_came_as_another_ended(string endedWith, string[] begun)
    {
        var (scenario, next) = await Scenario();
        var held = await scenario.Begin(next);
        scenario.Engine.Releases = async (service, _) =>
        {
            if (service == endedWith)
                await scenario.Store.RequestCancel(
                    scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested), CancellationToken.None);
            return new(0, []);
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal((PromotionStatus.Cancelled, "anna"), (ended.Status, ended.CancelledBy));
        Assert.Equal(begun, scenario.Engine.Effects);
    }

    [Fact]
    public async Task The_limit_of_the_rollout_begins_after_them()
    {
        var (scenario, next) = await Scenario();
        scenario.Engine.TimeToHealthy = TimeSpan.FromMinutes(9);
        scenario.Engine.Releases = (_, _) =>
        {
            scenario.Time.Advance(TimeSpan.FromMinutes(8));
            return Task.FromResult(new CommandEnd(0, []));
        };
        var ended = await scenario.Promote(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
    }

    [Fact]
    public async Task They_are_skipped_when_nothing_new_is_promoted_unless_that_is_wanted()
    {
        var (scenario, next) = await Scenario();
        await scenario.Promote(next);
        var newer = await scenario.AddRelease(Migrating);
        await scenario.Promote(newer);
        scenario.Engine.Effects.Clear();

        await scenario.Promote(newer);
        await scenario.Promote(next);
        Assert.DoesNotContain("release web", scenario.Engine.Effects);
        var held = (await scenario.Beginning.Run(new(PromotionId.New(), scenario.App, next.Id, "anna") { RunRelease = true }, "driver",
            CancellationToken.None)).Held!;
        await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Contains("release web", scenario.Engine.Effects);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task One_whose_driver_died_is_never_begun_again(int diesAt)
    {
        var (scenario, next) = await Scenario();
        var held = await scenario.Begin(next);
        using var death = new CancellationTokenSource();
        var begun = 0;
        scenario.Engine.Releases = async (service, _) =>
        {
            if (++begun == diesAt)
            {
                await death.CancelAsync();
                await Task.Delay(Timeout.Infinite, death.Token);
            }

            return new(0, []);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scenario.Driver.Drive(held, death.Token));

        var successor = (await scenario.Store.TakeOver((await scenario.Store.FindLock(scenario.App))!, "successor",
            scenario.By(EventKind.PromotionTakenOver)))!;
        var ended = await scenario.Driver.Drive(successor, CancellationToken.None);

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Equal(
            $"the release command of {(diesAt == 1 ? "web" : "worker")} was started by a driver that died or was stopped, so its outcome is unknown.", ended.Reason);
        Assert.Equal(diesAt, begun);
        Assert.DoesNotContain(scenario.Engine.Effects, e => e.StartsWith("start", StringComparison.Ordinal));
        Assert.True(ended.ReleaseCommands.Single(c => c.Service == Web).IsOpen == (diesAt == 1));
    }

    [Theory]
    [InlineData(nameof(IReleaseStore.FindLock))]
    [InlineData(nameof(IReleaseStore.RenewLock))]
    public async Task One_goes_on_while_the_records_cannot_be_reached_for_a_moment(string call)
    {
        var (scenario, next) = await Scenario();
        var held = await scenario.Begin(next);
        var (calls, failed) = (0, 0);
        scenario.Store = FailingStore.Around(scenario.Store, name => name == call && ++calls == 2 && ++failed == 1);
        EndsAfterAMinute(scenario, () => failed > 0);
        var driver = new RetryingDriver(scenario.Driver, _ => { }, new SteppingTime(scenario.Time));
        var ended = (await driver.Run(held, CancellationToken.None).WaitAsync(Patience.Limit))!;

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(1, failed);
    }

    [Fact]
    public async Task One_is_ended_when_no_beat_was_written_for_longer_than_a_driver_may_be_silent()
    {
        var (scenario, next) = await Scenario();
        var held = await scenario.Begin(next);
        scenario.Store = FailingStore.Around(scenario.Store, name => name == nameof(IReleaseStore.RenewLock));
        var (began, stoppedAfter) = (scenario.Time.GetUtcNow(), TimeSpan.Zero);
        scenario.Engine.Releases = async (_, stop) =>
        {
            await Stopped(stop);
            stoppedAfter = scenario.Time.GetUtcNow() - began;
            return new(143, []);
        };
        scenario.Engine.Waiting = cancel =>
            scenario.Time.GetUtcNow() - began < TimeSpan.FromSeconds(30) ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancel);
        var lost = await Assert.ThrowsAsync<ProblemException>(() =>
            scenario.Driver.Drive(held, CancellationToken.None).WaitAsync(Patience.Limit));

        Assert.True(lost.Is(ProblemCode.Unreachable));
        Assert.InRange(stoppedAfter, TimeSpan.FromSeconds(13), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task One_whose_driver_was_taken_over_is_ended_at_the_next_beat()
    {
        var (scenario, next) = await Scenario();
        var held = await scenario.Begin(next);
        var (began, wasEnded) = (scenario.Time.GetUtcNow(), false);
        scenario.Engine.Releases = async (_, stop) =>
        {
            await scenario.Store.TakeOver((await scenario.Store.FindLock(scenario.App, stop))!, "successor",
                scenario.By(EventKind.PromotionTakenOver), stop);
            await Stopped(stop);
            wasEnded = true;
            return new(143, []);
        };
        scenario.Engine.Waiting = cancel =>
            scenario.Time.GetUtcNow() - began < TimeSpan.FromSeconds(6) ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancel);
        var fenced = await Assert.ThrowsAsync<ProblemException>(() =>
            scenario.Driver.Drive(held, CancellationToken.None).WaitAsync(Patience.Limit));

        Assert.True(fenced.Is(ProblemCode.Fenced) && wasEnded);
    }

    /// <summary>The first command takes a minute, and longer where something else is not done yet.</summary>
    private static void EndsAfterAMinute(PromoteScenario scenario, Func<bool> also)
    {
        var began = scenario.Time.GetUtcNow();
        var minute = new TaskCompletionSource<CommandEnd>();
        scenario.Engine.Releases = async (_, stop) => await minute.Task.WaitAsync(stop);
        scenario.Engine.Waiting = async _ =>
        {
            // The beat that is due has to be tried before time advances.
            await Task.Yield();
            if (scenario.Time.GetUtcNow() - began >= TimeSpan.FromMinutes(1) && also()) minute.TrySetResult(new(0, []));
        };
    }

    private static async Task<(PromoteScenario Scenario, Release Next)> Scenario(params (string Key, string Value)[] environment)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var set = environment.Length == 0 ? null : EnvironmentSet.Of(environment.Select(v => KeyValuePair.Create(v.Key, v.Value)));
        return (scenario, await scenario.AddRelease(Migrating, environment: set));
    }

    private static async Task Stopped(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
