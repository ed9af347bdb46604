using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>Promotions by steps: verify, hold, traffic, bake, and everything that ends one early.</summary>
public sealed partial class ProgressiveTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly ServiceName Web = ServiceName.Parse("web");
    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    [Fact]
    public async Task A_canary_takes_its_steps_and_the_old_ones_end_after_the_bake()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        scenario.Engine.Counts = _ => new(Requests(scenario, perSecond: 10), Requests(scenario, perSecond: 90));
        var ended = await scenario.Promote(next);

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(next.Id, (await scenario.Store.FindApp(scenario.App))!.Active);
        Assert.Equal(
            ["start web", "start worker", "route web 10 %", "route worker 10 %",
                "route web 100 % and keep the old", "route worker 100 % and keep the old", "route web 100 %", "route worker 100 %"],
            scenario.Engine.Effects);
        Assert.Equal([0, 10, 100, 100], ended.Steps.Select(s => s.Percent));
        Assert.All(ended.Steps.Zip(ended.Steps.Skip(1)), s => Assert.Equal(s.First.EndedAt, s.Second.Since));
        Assert.Equal([(1, TimeSpan.FromMinutes(2)), (2, TimeSpan.FromMinutes(5))],
            ended.Steps.Skip(1).SkipLast(1).Select(s => (s.Step, s.EndedAt!.Value - s.Since)));
        var verdict = Assert.Single(ended.Steps[1].Verdicts);
        Assert.Equal((Web, VerdictOutcome.Good, 1200, 10800), (verdict.Service, verdict.Outcome, verdict.Requests, verdict.RequestsBefore));
        Assert.Equal(ended.StartedAt + TimeSpan.FromMinutes(17), ended.Deadline);
        Assert.Equal(ended.EndedAt, ended.Steps[^1].EndedAt);
    }

    [Fact]
    public async Task Without_a_strategy_nothing_about_a_plan_is_written()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var ended = await scenario.Promote(scenario.V2);
        Assert.Equal(PromotionStatus.Succeeded, ended.Status);
        Assert.Null(ended.Plan);
        Assert.Empty(ended.Steps);
        Assert.Equal(new(0, 100, ended.Traffic!.Since), ended.Traffic);
        Assert.Equal(ended.StartedAt + TimeSpan.FromMinutes(10), ended.Deadline);
    }

    [Fact]
    public async Task A_process_that_ends_with_traffic_takes_everything_back()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        scenario.Engine.Outcomes[Web] = RolloutOutcome.FailsWithTraffic;
        var ended = await scenario.Promote(next);
        Assert.Equal((PromotionStatus.Failed, "web exited with code 3; the release had 10 % of the traffic."), (ended.Status, ended.Reason));
        Back(scenario);
    }

    [Fact]
    public async Task If_one_service_fails_in_its_step_all_go_back()
    {
        var (scenario, next) = await Scenario(
            """
            services:
              web: { port: 80, deployment: { strategy: canary, interval: 1m } }
              worker: { port: 80, deployment: { strategy: linear, percent: 30, interval: 1m } }
            """);
        scenario.Engine.Counts = service => new(
            Requests(scenario, perSecond: 10) with
            {
                Errors = service == "worker" && scenario.Engine.ShareOf(service) == 60
                ? 1_000_000
                : 0
            }, Requests(scenario, perSecond: 90));
        var ended = await scenario.Promote(next);
        Assert.Equal((PromotionStatus.Failed, Worker), (ended.Status, ended.FailedService));
        Assert.Contains("route web 10 %", scenario.Engine.Effects);
        Assert.Contains("route worker 60 %", scenario.Engine.Effects);
        Back(scenario);
    }

    [Fact]
    public async Task The_limit_does_not_wait_for_steps_that_are_to_come()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        scenario.Engine.Outcomes[Web] = RolloutOutcome.NeverHealthy;
        var ended = await scenario.Promote(next);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.StartsWith("web didn't complete within 10m: 0 of 1 processes are healthy", ended.Reason, StringComparison.Ordinal);
        Assert.InRange(ended.Steps[0].EndedAt!.Value - ended.StartedAt, TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(602));
    }

    [Fact]
    public async Task Steps_are_added_to_the_limit()
    {
        var (scenario, next) =
            await Scenario(
                "services: { web: { deployment: { strategy: linear, percent: 25, interval: 1h, bake: 2h, timeout: 60 } }, worker: { deployment: { timeout: 60 } } }");
        var ended = await scenario.Promote(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(ended.StartedAt + TimeSpan.FromMinutes(301), ended.Deadline);
    }

    [Fact]
    public async Task What_fails_its_verification_is_never_seen()
    {
        var (scenario, next) = await Scenario(Manifests.Verified);
        scenario.Engine.Verifies = (_, _) => Task.FromResult(new CommandEnd(7, ["the page has no basket"]));
        var ended = await scenario.Promote(next);
        Assert.Equal((PromotionStatus.Failed, "the verify command of web exited with code 7."), (ended.Status, ended.Reason));
        var command = ended.VerifyCommands.Single();
        Assert.Equal((7, "the page has no basket"), (command.ExitCode!.Value, command.LastLines.Single()));
        // Those of the service are of its processes, so nobody reads the same lines twice.
        Assert.All(ended.Services, s => Assert.Empty(s.LastLines));
        Assert.DoesNotContain(scenario.Engine.Effects, e => e.StartsWith("route", StringComparison.Ordinal));
        Back(scenario);
    }

    [Fact]
    public async Task A_verification_runs_once_when_every_service_is_healthy()
    {
        var (scenario, next) = await Scenario(Manifests.Verified);
        scenario.Engine.Verifies = (_, _) =>
        {
            Assert.True(scenario.Time.GetUtcNow() >= A.Moment);
            Assert.Equal(["start web", "start worker"], scenario.Engine.Effects);
            return Task.FromResult(new CommandEnd(0, []));
        };
        var ended = await scenario.Promote(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(["web"], scenario.Engine.Verified);
    }

    [Fact]
    public async Task A_verification_that_does_not_end_is_stopped_at_the_limit()
    {
        var (scenario, next) = await Scenario(Manifests.Verified);
        scenario.Engine.Verifies = async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            return new(143, []);
        };
        var ended = await scenario.Promote(next);
        Assert.Equal((PromotionStatus.Failed, "the verify command of web didn't finish within the promotion's limit and was stopped."),
            (ended.Status, ended.Reason));
        Back(scenario);
    }

    [Fact]
    public async Task A_held_promotion_continues_once_somebody_approves()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        var held = await scenario.Begin(next, holdFor: Hour);
        var approveAt = scenario.Time.GetUtcNow() + TimeSpan.FromMinutes(30);
        scenario.Engine.Waiting = async cancel =>
        {
            if (scenario.Time.GetUtcNow() >= approveAt
                && !scenario.Engine.Effects.Any(e => e.StartsWith("route", StringComparison.Ordinal)))
                await scenario.Store.Approve(scenario.App, held.Promotion, scenario.By(EventKind.PromotionApproved), cancel);
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal("anna", ended.Hold!.ApprovedBy);
        Assert.InRange(ended.Hold.ApprovedAt!.Value, approveAt, approveAt.AddSeconds(2));
        Assert.InRange(ended.Deadline, ended.StartedAt + TimeSpan.FromMinutes(17 + 29), ended.StartedAt + TimeSpan.FromMinutes(17 + 31));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60 * 24)] // A timer can't wait that long.
    public async Task A_held_promotion_that_nobody_approves_goes_back(int hours)
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: hours * Hour);
        scenario.Engine.Waiting = async cancel =>
        {
            if (hours > 1 && (await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!.Hold!.IsWaiting)
                scenario.Time.Advance(Hour - TimeSpan.FromSeconds(1));
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal((PromotionStatus.Failed, $"nobody approved it within {hours}h."), (ended.Status, ended.Reason));
        Assert.Equal(ended.StartedAt + TimeSpan.FromMinutes(10) + (hours * Hour), ended.Deadline);
        Assert.InRange(ended.Steps.Single().EndedAt!.Value, ended.Hold!.Until!.Value, ended.Hold.Until.Value.AddSeconds(2));
        Back(scenario);
    }

    [Fact]
    public async Task A_held_promotion_that_is_cancelled_goes_back()
    {
        var (scenario, next) = await Scenario(Manifests.Plain);
        var held = await scenario.Begin(next, holdFor: Hour);
        scenario.Engine.Waiting = async cancel =>
        {
            if ((await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!.Hold!.IsWaiting)
                await scenario.Store.RequestCancel(scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested), cancel);
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);
        Assert.Equal((PromotionStatus.Cancelled, "anna"), (ended.Status, ended.CancelledBy));
        Back(scenario);
    }

    [Fact]
    public async Task A_rollback_a_restart_and_the_first_promotion_take_no_steps()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        await scenario.Promote(next);
        Assert.Null((await scenario.Promote(next)).Plan);
        Assert.Null((await scenario.Promote(scenario.V1)).Plan);

        var first = PromoteScenario.New();
        await first.Store.CreateApp(first.App, first.By(EventKind.AppCreated));
        var ended = await first.Promote(await first.AddRelease(Manifests.Canary));
        Assert.Equal((PromotionStatus.Succeeded, null), (ended.Status, ended.Plan));
    }

    [Fact]
    public async Task A_driver_of_an_earlier_version_moves_no_traffic_of_a_plan()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        var ended = await scenario.Promote(next);
        // It has one step of its own, and takes the one that is written for it.
        Assert.Null(RolloutPlan.AllAtOnce.Next(new(0, 0, ended.Steps[0].Since), allReady: true, ended.EndedAt!.Value));
        Assert.Equal((0, 0), (ended.Steps[0].Step, ended.Steps[0].Percent));
    }

    private static async Task<(PromoteScenario Scenario, Release Next)> Scenario(string manifest)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        return (scenario, await scenario.AddRelease(manifest));
    }

    private static void Back(PromoteScenario scenario)
    {
        Assert.Equal((scenario.FirstPromotion, scenario.FirstPromotion), (scenario.Engine.Runs("web"), scenario.Engine.Runs("worker")));
        Assert.Equal((0, 0), (scenario.Engine.ShareOf("web"), scenario.Engine.ShareOf("worker")));
    }

    /// <summary>So many requests in each second of the scenario.</summary>
    private static RequestCounts Requests(PromoteScenario scenario, int perSecond)
    {
        var requests = (long)(scenario.Time.GetUtcNow() - A.Moment).TotalSeconds * perSecond;
        return new(requests, 0, [new(TimeSpan.FromMilliseconds(5), requests)]);
    }

    internal static class Manifests
    {
        public const string Plain = "services: { web: { build: Web, port: 8080 }, worker: { build: Worker } }";

        public const string Canary =
            "services: { web: { port: 8080, deployment: { strategy: canary, percent: 10, interval: 2m, bake: 5m } }, worker: {} }";

        public const string Verified = "services: { web: { port: 8080, verify: ./smoke.sh }, worker: {} }";
    }
}
