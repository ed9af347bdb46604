using Releases.Testing;
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_command_verifies_a_service_whose_processes_ended_during_the_previous_one(bool comesBack)
    {
        var (scenario, next) = await Scenario(
            """
            services:
              web: { port: 80, verify: "true" }
              worker: { port: 80, verify: "true" }
            """);
        scenario.Engine.Verifies = (service, _) =>
        {
            if (service == "web")
                scenario.Engine.Outcomes[Worker] = comesBack ? RolloutOutcome.NeverHealthy : RolloutOutcome.Fails;
            else Assert.Equal(RolloutOutcome.Succeeds, scenario.Engine.Outcomes[Worker]);
            return Task.FromResult(new CommandEnd(0, []));
        };
        var waits = 0;
        scenario.Engine.Waiting = _ =>
        {
            if (scenario.Engine.Verified.Count > 0 && ++waits == 5) scenario.Engine.Outcomes[Worker] = RolloutOutcome.Succeeds;
            return Task.CompletedTask;
        };
        var ended = await scenario.Promote(next);

        Assert.Equal(comesBack ? ["web", "worker"] : ["web"], scenario.Engine.Verified);
        if (comesBack) Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        else Assert.Equal((PromotionStatus.Failed, "worker exited with code 3."), (ended.Status, ended.Reason));
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

    [Fact]
    public async Task A_step_begins_only_when_every_new_process_passes_its_check_once_more()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        var checks = 0;
        scenario.Engine.Confirms = () => ++checks > 5;
        var ended = await scenario.Promote(next);

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal([0, 10, 100, 100], ended.Steps.Select(s => s.Percent));
        Assert.True(ended.Steps[1].Since - ended.Steps[0].Since >= scenario.Engine.TimeToHealthy + TimeSpan.FromSeconds(5));
        // Its time isn't shorter for it.
        Assert.Equal(TimeSpan.FromMinutes(2), ended.Steps[1].EndedAt - ended.Steps[1].Since);
    }

    [Fact]
    public async Task No_traffic_of_any_service_moves_while_one_fails_its_last_check_and_at_the_limit_all_go_back()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Confirms = () => false;
        var statuses = new HashSet<ServiceStatus>();
        var held = await scenario.Begin(scenario.V2);
        scenario.Engine.Waiting = async cancel =>
        {
            var read = (await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!;
            if (read.Status == PromotionStatus.RollingOut) statuses.UnionWith(read.Services.Select(s => s.Status));
        };
        var ended = await scenario.Driver.Drive(held, CancellationToken.None);

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.DoesNotContain(scenario.Engine.Effects, IsRoute);
        Assert.DoesNotContain(ServiceStatus.Draining, statuses);
        Assert.Null(ended.Traffic);
        Back(scenario);
    }

    [Fact]
    public async Task A_step_that_could_not_be_carried_out_is_repeated_and_not_skipped()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        // Longer than the step is held.
        var until = scenario.Time.GetUtcNow() + TimeSpan.FromMinutes(5);
        scenario.Engine.Moves = () => scenario.Time.GetUtcNow() >= until;
        var ended = await scenario.Promote(next);

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(
            ["start web", "start worker", "route web 10 %", "route worker 10 %",
                "route web 100 % and keep the old", "route worker 100 % and keep the old", "route web 100 %", "route worker 100 %"],
            scenario.Engine.Effects);
    }

    private static bool IsRoute(string effect) => effect.StartsWith("route", StringComparison.Ordinal);
}
