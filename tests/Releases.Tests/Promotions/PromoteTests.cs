using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

public sealed class PromoteTests
{
    private static readonly ServiceName Web = ServiceName.Parse("web");
    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    [Fact]
    public async Task A_locked_app_is_not_promoted_and_one_that_runs_is_not_stopped()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2);
        await scenario.Store.ChangeApp(scenario.App, a => a with { Hold = new("bob", scenario.Time.GetUtcNow(), "because.") },
            scenario.By(EventKind.AppLocked));

        Assert.Equal(PromotionStatus.Succeeded, (await scenario.Driver.Drive(held, CancellationToken.None)).Status);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => scenario.Begin(scenario.V1));
        Assert.Equal("hello is locked by bob: \"because\". Nothing changed.", refused.Problems[0].Text);
        Assert.Equal(scenario.V2.Id, (await scenario.Store.FindApp(scenario.App))!.Active);
    }

    [Fact]
    public async Task A_promotion_succeeds_when_every_service_is_complete_and_only_then_moves_active()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var activeWhileRolling = new HashSet<ReleaseId?>();
        scenario.Engine.Waiting = async cancel => activeWhileRolling.Add((await scenario.Store.FindApp(scenario.App, cancel))!.Active);

        var ended = await scenario.Promote(scenario.V2);

        Assert.Equal(PromotionStatus.Succeeded, ended.Status);
        Assert.Equal([scenario.V1.Id], activeWhileRolling);
        var app = (await scenario.Store.FindApp(scenario.App))!;
        Assert.Equal((scenario.V2.Id, scenario.V1.Id), (app.Active, app.PreviousActive));
        Assert.All(ended.Services, s => Assert.Equal(ServiceStatus.Complete, s.Status));
        Assert.Null(await scenario.Store.FindLock(scenario.App));
        Assert.Equal("succeeded", (await scenario.Store.ListEvents(scenario.App, 1))[0].Detail);
    }

    [Theory]
    [InlineData(0, 0, false, PromotionStatus.Failed)]
    [InlineData(0, 0, true, PromotionStatus.Succeeded)]
    [InlineData(0, 2, false, PromotionStatus.Succeeded)]
    public async Task An_app_that_somebody_scales_to_nothing_meanwhile_is_not_verified(int web, int worker,
        bool allowsEmpty, PromotionStatus status)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        (scenario.Engine.Scaled[Web], scenario.Engine.Scaled[Worker]) = (web, worker);

        var ended = await scenario.Promote(scenario.V2, allowEmpty: allowsEmpty);

        Assert.Equal(status, ended.Status);
        Assert.Equal(status == PromotionStatus.Succeeded ? scenario.V2.Id : scenario.V1.Id,
            (await scenario.Store.FindApp(scenario.App))!.Active);
        if (status == PromotionStatus.Failed)
            Assert.Equal("every service was scaled to 0 during the rollout, so no process could verify the release.", ended.Reason);
    }

    [Fact]
    public async Task No_traffic_moves_before_every_service_is_healthy()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        await scenario.Promote(scenario.V2);
        Assert.Equal(["start web", "start worker", "route web 100 %", "route worker 100 %"], scenario.Engine.Effects);
    }

    [Theory]
    [InlineData(RolloutOutcome.Fails, "worker exited with code 3.")]
    [InlineData(RolloutOutcome.CannotStart, "worker: The disk is full.")]
    public async Task A_service_that_fails_takes_every_service_back(RolloutOutcome outcome, string reason)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Worker] = outcome;

        var ended = await scenario.Promote(scenario.V2);

        Assert.Equal((PromotionStatus.Failed, reason, Worker), (ended.Status, ended.Reason, ended.FailedService));
        Assert.Equal($"failed: {reason}", (await scenario.Store.ListEvents(scenario.App, 1))[0].Detail);
        Assert.Equal((scenario.FirstPromotion, scenario.FirstPromotion), (scenario.Engine.Runs("web"), scenario.Engine.Runs("worker")));
        Assert.All(ended.Services, s => Assert.Equal(ServiceStatus.RolledBack, s.Status));
        Assert.Equal(scenario.V1.Id, (await scenario.Store.FindApp(scenario.App))!.Active);
        Assert.Equal(PromotionStatus.Failed, (await scenario.Store.FindRelease(scenario.App, scenario.V2.Id))!.LastOutcome);
    }

    [Fact]
    public async Task The_last_lines_of_what_failed_are_recorded_without_secrets()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var secret = await scenario.AddRelease(
            "services:\n  web:\n    port: 80\n", environment: EnvironmentSet.Of([new("TOKEN", "exited with code 3")]));
        scenario.Engine.Outcomes[Web] = RolloutOutcome.Fails;
        var ended = await scenario.Promote(secret);
        Assert.Equal("web ****.", ended.Reason);
        Assert.Equal(["boom"], ended.Services.Single().LastLines);
    }

    [Fact]
    public async Task A_promotion_that_is_not_done_within_its_limit_goes_back_and_says_what_it_waited_for()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.NeverHealthy;

        var ended = await scenario.Promote(scenario.V2, TimeSpan.FromSeconds(90));

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Equal("worker didn't complete within 1m 30s: 0 of 1 processes are healthy (answered 503).", ended.Reason);
        Assert.Equal(["waiting for the database"], ended.Services.Single(s => s.Service == Worker).LastLines);
        Assert.Equal(scenario.FirstPromotion, scenario.Engine.Runs("web"));
    }

    [Fact]
    public async Task The_limit_is_the_manifests_unless_the_person_gives_one()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var slow = await scenario.AddRelease(
            "services:\n  web:\n    port: 80\n    deployment:\n      timeout: 900\n  worker:\n    build: x\n");
        var held = await scenario.Begin(slow);
        var promotion = (await scenario.Store.FindPromotion(scenario.App, held.Promotion))!;
        Assert.Equal(promotion.StartedAt + TimeSpan.FromSeconds(900), promotion.Deadline);
    }

    [Fact]
    public async Task Going_back_that_does_not_end_within_15_minutes_is_stuck_and_frees_the_lock()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Web] = RolloutOutcome.SucceedsAndNeverRollsBack;
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.Fails;

        var ended = await scenario.Promote(scenario.V2);

        Assert.Equal(PromotionStatus.Stuck, ended.Status);
        Assert.Equal(ServiceStatus.Stuck, ended.Services.Single(s => s.Service == Web).Status);
        Assert.Equal(ServiceStatus.RolledBack, ended.Services.Single(s => s.Service == Worker).Status);
        Assert.Equal(TimeSpan.FromMinutes(15),
            ended.EndedAt - ended.Services[0].Timeline.Single(t => t.Status == ServiceStatus.RollingBack).At);
        Assert.Null(await scenario.Store.FindLock(scenario.App));
        Assert.Equal(scenario.V1.Id, (await scenario.Store.FindApp(scenario.App))!.Active);
    }

    [Fact]
    public async Task A_rollback_that_somebody_ends_is_stuck_at_once_and_frees_the_lock()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Web] = RolloutOutcome.SucceedsAndNeverRollsBack;
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.Fails;
        var held = await scenario.Begin(scenario.V2);
        DateTimeOffset? asked = null;
        scenario.Engine.Waiting = async cancel =>
        {
            var promotion = (await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!;
            if (asked is not null || promotion.Services.All(s => s.Status != ServiceStatus.RolledBack)) return;
            asked = scenario.Time.GetUtcNow();
            await scenario.Store.RequestEndOfRollback(
                scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested), cancel);
        };

        var ended = await scenario.Driver.Drive(held, CancellationToken.None);

        Assert.Equal(PromotionStatus.Stuck, ended.Status);
        Assert.Equal(ServiceStatus.Stuck, ended.Services.Single(s => s.Service == Web).Status);
        Assert.Equal(ServiceStatus.RolledBack, ended.Services.Single(s => s.Service == Worker).Status);
        Assert.InRange(ended.EndedAt!.Value - asked!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.EndsWith(". anna ended the rollback.", ended.Reason, StringComparison.Ordinal);
        Assert.Null(await scenario.Store.FindLock(scenario.App));
        Assert.Equal(scenario.V1.Id, (await scenario.Store.FindApp(scenario.App))!.Active);
    }

    [Fact]
    public async Task One_services_failed_undo_does_not_stop_the_others_and_is_tried_again()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Web] = RolloutOutcome.CannotRollBackOnce;
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.Fails;
        var ended = await scenario.Promote(scenario.V2);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Equal(["start web", "start worker", "undo worker", "undo web"], scenario.Engine.Effects);
    }

    [Fact]
    public async Task A_service_that_somebody_else_took_is_left_alone_and_the_others_go_back()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Web] = RolloutOutcome.Superseded;
        var ended = await scenario.Promote(scenario.V2);
        Assert.Equal(PromotionStatus.Stuck, ended.Status);
        Assert.DoesNotContain("undo web", scenario.Engine.Effects);
        Assert.Contains("undo worker", scenario.Engine.Effects);
    }

    [Fact]
    public async Task A_first_promotion_that_fails_leaves_nothing_running_and_nothing_active()
    {
        var scenario = await PromoteScenario.WithTwoReleases(promoteTheFirst: false);
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.Fails;
        var ended = await scenario.Promote(scenario.V1);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Null(ended.Previous);
        Assert.Null(scenario.Engine.Runs("web"));
        Assert.Null((await scenario.Store.FindApp(scenario.App))!.Active);
    }

    [Fact]
    public async Task Somebodys_wish_to_cancel_takes_everything_back()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[Worker] = RolloutOutcome.NeverHealthy;
        var held = await scenario.Begin(scenario.V2);
        scenario.Engine.Waiting = cancel => scenario.Store.RequestCancel(
            scenario.App, held.Promotion, scenario.By(EventKind.PromotionCancelRequested) with { By = "bert" }, cancel);

        var ended = await scenario.Driver.Drive(held, CancellationToken.None);

        Assert.Equal((PromotionStatus.Cancelled, "cancelled by bert."), (ended.Status, ended.Reason));
        Assert.Equal(scenario.FirstPromotion, scenario.Engine.Runs("web"));
    }

    [Fact]
    public async Task An_incomplete_release_is_refused_before_anything_is_touched_with_all_findings()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var incomplete = await scenario.AddRelease(
            "environment:\n  - NEEDED\nservices:\n  web:\n    port: 80\n    environment:\n      - ALSO\n  worker:\n    build: x\n",
            without: ["worker"]);

        var ended = await scenario.Promote(incomplete);

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Equal([ProblemCode.Incomplete, ProblemCode.RequiredEnvironment], ended.Findings.Select(f => f.Code));
        Assert.Contains("worker was not built", ended.Findings[0].Message, StringComparison.Ordinal);
        Assert.Equal("missing required environment variables ALSO (web), NEEDED (web, worker).", ended.Findings[1].Message);
        Assert.Empty(scenario.Engine.Effects);
    }

    [Fact]
    public async Task What_the_engine_finds_is_refused_before_anything_is_touched()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Findings.Add(new(ProblemCode.CannotRunHere, "This machine has no .NET 12."));
        var ended = await scenario.Promote(scenario.V2);
        Assert.Equal("This machine has no .NET 12.", ended.Reason);
        Assert.Empty(scenario.Engine.Effects);
    }

    [Fact]
    public async Task Services_that_the_release_no_longer_has_are_stopped_after_success()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var smaller = await scenario.AddRelease("services:\n  web:\n    port: 80\n");
        var ended = await scenario.Promote(smaller);
        Assert.Equal([Worker], ended.Retired);
        Assert.Equal(["start web", "route web 100 %", "retire worker"], scenario.Engine.Effects);
    }

    [Fact]
    public async Task A_second_promotion_is_refused_and_told_who_holds_the_lock()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        await scenario.Begin(scenario.V2);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => scenario.Begin(scenario.V1));
        Assert.Equal(ProblemKind.Busy, refused.Kind);
        Assert.Contains("anna", refused.Message, StringComparison.Ordinal);
        Assert.Contains(scenario.V2.Id.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_again_with_the_same_id_begins_nothing_twice()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var id = PromotionId.New();
        var first = await scenario.Begin(scenario.V2, id: id);
        Assert.Equal(first.Token, (await scenario.Begin(scenario.V2, id: id)).Token);
        await scenario.Driver.Drive(first, CancellationToken.None);
        Assert.Equal(
            new BegunPromotion(Held: null),
            await scenario.Beginning.Run(new(id, scenario.App, scenario.V2.Id, "anna"), "driver", CancellationToken.None));
        Assert.Equal(2, (await scenario.Store.ListPromotions(scenario.App, 10)).Count);
    }

    [Fact]
    public async Task It_refuses_when_another_release_is_active_than_expected()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => scenario.Beginning.Run(
            new(PromotionId.New(), scenario.App, scenario.V2.Id, "anna") { ExpectActive = scenario.V2.Id }, "driver", CancellationToken.None));
        Assert.Contains($"{scenario.V1.Label} is active in hello, not {scenario.V2.Label}", refused.Message, StringComparison.Ordinal);
    }
}
