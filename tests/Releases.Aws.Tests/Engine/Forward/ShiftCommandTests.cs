using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Releases.Aws.Tests.Matrix;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Promotions of services that ECS shifts or completes early, by command: the exit code, the record, and the text.</summary>
public sealed class ShiftCommandTests(ShiftRack shared) : IClassFixture<ShiftRack>
{
    private const string Smoke = "arn:aws:lambda:eu-west-1:111122223333:function:smoke";

    private static readonly TimeSpan S30 = TimeSpan.FromSeconds(30);

    private MatrixRack Rack => shared.Rack;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blue_green_is_followed_by_its_stages_and_done()
    {
        var app = await shared.Make();
        app.Web.Shifts("BLUE_GREEN", bake: 3);
        var shown = await app.Promote(0, PromotionStatus.Succeeded);
        Assert.Contains("web: bake time, 100 % of the traffic on new ones, 2 of 2 healthy\n", shown.Text, StringComparison.Ordinal);
        Assert.Contains($"{app.Next.Label} is active\n", shown.Text, StringComparison.Ordinal);
        Assert.Matches(@"web +complete +2/2 +0\s", shown.Info);
        Assert.Null(shown.Json["services"]![0]!["stage"]);
    }

    [Fact]
    public async Task A_canary_shows_the_share_that_ECS_gave_it()
    {
        var app = await shared.Make();
        app.Web.Shifts("CANARY", bake: 1);
        app.Web.Configuration["canaryConfiguration"] = new JsonObject { ["canaryPercent"] = 5.0, ["canaryBakeTimeInMinutes"] = 2 };
        string? live = null;
        On("DescribeServiceDeployments", async () =>
        {
            if (live is null && (await Last(app)) is { Services: [{ Share: 5 }, ..] })
                live = (await app.Type("promotions", "info")).Text;
        });
        var shown = await app.Promote(0, PromotionStatus.Succeeded);
        Assert.Contains("web: shifting production traffic, 5 % of the traffic on new ones, 2 of 2 healthy\n", shown.Text,
            StringComparison.Ordinal);
        Assert.Contains("shifting production traffic, 5 % of the traffic on new ones", live, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bake_that_an_alarm_ends_is_rolled_back()
    {
        var app = await shared.Make();
        app.Web.Shifts("BLUE_GREEN", bake: 5);
        app.Web.Configuration["alarms"] = new JsonObject
        { ["alarmNames"] = new JsonArray("web-5xx"), ["enable"] = true, ["rollback"] = true };
        app.Behaves("web", new TaskBehavior.BecomesHealthy(S30) { Alarm = new("web-5xx", "BAKE_TIME", TimeSpan.FromMinutes(2)) });
        var shown = await app.Promote(3, PromotionStatus.Failed);
        const string reason = "web was rolled back by ECS; Alarm web-5xx is in the state ALARM; the alarm web-5xx went off.";
        Assert.Equal((reason, "web"), (shown.Promotion.Reason, $"{shown.Promotion.FailedService}"));
        Assert.Contains($"Rolling back v2: {reason} The rollback has ", shown.Text, StringComparison.Ordinal);
        Assert.EndsWith(app.Failed(shown.Promotion, reason), shown.Text, StringComparison.Ordinal);
        Assert.Matches($"(?m)^Reason +{Regex.Escape(reason)}$", shown.Info);
        Assert.DoesNotContain("bake time", shown.Info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_of_somebody_else_that_waits_is_shown_while_it_does_and_named_as_the_reason()
    {
        var app = await shared.Make();
        app.Web.Shifts("BLUE_GREEN", 0, Pause("POST_TEST_TRAFFIC_SHIFT", 60, "ROLLBACK"));
        var shown = await app.Promote(3, PromotionStatus.Failed);
        const string waits = @"waits for the hook PAUSE \(hook-\d\) until 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC at POST_TEST_TRAFFIC_SHIFT";
        Assert.True(Regex.IsMatch(shown.Text, $"(?m)^web: test traffic shifted, 2 of 2 healthy: {waits}$"), shown.Text);
        Assert.Matches($@"^web didn't complete within 10m: 2 of 2 processes are healthy \({waits}\)\.$", shown.Promotion.Reason!);
        Assert.EndsWith(app.Failed(shown.Promotion, shown.Promotion.Reason!), shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_that_expires_is_the_reason()
    {
        var app = await shared.Make();
        app.Web.Shifts("BLUE_GREEN", 0, Pause("PRE_PRODUCTION_TRAFFIC_SHIFT", 3, "ROLLBACK"));
        var shown = await app.Promote(3, PromotionStatus.Failed);
        Assert.Equal("web was rolled back by ECS; A pause hook timed out.", shown.Promotion.Reason);
        Assert.EndsWith(app.Failed(shown.Promotion, shown.Promotion.Reason!), shown.Text, StringComparison.Ordinal);
        Assert.Equal("ROLLBACK_SUCCESSFUL", app.Web.Current.Status(Rack.Ecs.Virtual.GetUtcNow()));
    }

    [Fact]
    public async Task An_answer_to_continue_that_is_lost_changes_nothing()
    {
        var app = await shared.Make();
        app.Web.Shifts("BLUE_GREEN", bake: 1);
        app.Api.Shifts("CANARY", bake: 1);
        app.Behaves("api", new TaskBehavior.BecomesHealthy(TimeSpan.FromMinutes(2)));
        Ecs.Break("ContinueServiceDeployment", Answer.ResetAfter, 1);
        var shown = await app.Promote(0, PromotionStatus.Succeeded);
        Ecs.Heal();
        Assert.Contains("web: ready, before production traffic, 2 of 2 healthy\n", shown.Text, StringComparison.Ordinal);
        Assert.All(shown.Promotion.Services, s => Assert.Equal((ServiceStatus.Complete, null), (s.Status, s.Reason)));
        Assert.False(PauseHook.IsIn(app.Web.Configuration) || PauseHook.IsIn(app.Api.Configuration));
    }

    [Fact]
    public async Task What_is_cancelled_while_production_traffic_shifts_gives_it_back()
    {
        var app = await shared.Make();
        app.Web.Shifts("LINEAR");
        var cancelled = 0;
        On("DescribeServiceDeployments", async () =>
        {
            if (cancelled == 0 && await Last(app) is { Services: [{ Share: 50 }, ..] } && Interlocked.Exchange(ref cancelled, 1) == 0)
                Assert.True(await Rack.Records.RequestCancel(app.Name, (await Last(app))!.Id,
                    A.Event(EventKind.PromotionCancelRequested), Cancel));
        });
        var shown = await app.Promote(3, PromotionStatus.Cancelled);
        Assert.Equal((1, "ROLLBACK_SUCCESSFUL"), (cancelled, app.Web.Current.Status(Rack.Ecs.Virtual.GetUtcNow())));
        Assert.Contains("web: shifting production traffic, 25 % of the traffic on new ones, 2 of 2 healthy\n", shown.Text,
            StringComparison.Ordinal);
        Assert.Matches($@"v2 \({app.Next.Id}\) wasn't promoted: cancelled by .+ is still live\. Promote it again: dotnet convox promote ",
            shown.Text);
    }

    [Fact]
    public async Task Of_two_services_one_fails_at_the_shift_of_test_traffic_and_the_other_had_none()
    {
        var app = await shared.Make();
        app.Web.Shifts("BLUE_GREEN", 0, new JsonObject
        {
            ["targetType"] = "AWS_LAMBDA",
            ["hookTargetArn"] = Smoke,
            ["roleArn"] = "arn:aws:iam::111122223333:role/hook",
            ["lifecycleStages"] = new JsonArray("TEST_TRAFFIC_SHIFT"),
        });
        app.Api.Shifts("CANARY");
        app.Web.Lambdas[Smoke] = new(TimeSpan.FromSeconds(20), false);
        var shares = new HashSet<int?>();
        On("DescribeServiceDeployments", async () => shares.UnionWith((await Last(app))?.Services.Select(s => s.Share) ?? []));
        var shown = await app.Promote(3, PromotionStatus.Failed);
        Assert.Equal(($"web was rolled back by ECS; The lifecycle hook {Smoke} failed.", "web"),
            (shown.Promotion.Reason, $"{shown.Promotion.FailedService}"));
        Assert.DoesNotContain(shares, s => s > 0);
        Assert.Contains(0, shares);
        Assert.Matches(@"(?m)^web: shifting test traffic, 2 of 2 healthy: waits for the hook smoke at TEST_TRAFFIC_SHIFT$", shown.Text);
        Assert.EndsWith(app.Failed(shown.Promotion, shown.Promotion.Reason!), shown.Text, StringComparison.Ordinal);
        Assert.All(shown.Promotion.Services, s => Assert.Equal(ServiceStatus.RolledBack, s.Status));
    }

    [Fact]
    public async Task What_ECS_called_successful_is_undone()
    {
        var app = await shared.Make();
        app.Web.Shifts("CANARY");
        app.Api.Shifts("BLUE_GREEN", bake: 10);
        app.Api.Configuration["alarms"] = new JsonObject
        { ["alarmNames"] = new JsonArray("api-5xx"), ["enable"] = true, ["rollback"] = true };
        app.Behaves("api", new TaskBehavior.BecomesHealthy(S30) { Alarm = new("api-5xx", "BAKE_TIME", TimeSpan.FromMinutes(8)) });
        var shown = await app.Promote(3, PromotionStatus.Failed);
        Assert.Contains("web: complete\n", shown.Text, StringComparison.Ordinal);
        Assert.Contains("web: rolled back\n", shown.Text, StringComparison.Ordinal);
        Assert.EndsWith(
            app.Failed(shown.Promotion, "api was rolled back by ECS; Alarm api-5xx is in the state ALARM; the alarm api-5xx went off."),
            shown.Text, StringComparison.Ordinal);
        Assert.Matches(@"web +rolled back +2/2 ", shown.Info);
    }

    [Fact]
    public async Task A_strategy_that_the_load_balancer_cannot_do_is_refused_before_anything()
    {
        var app = await shared.Make();
        app.Web.Configuration["strategy"] = "CANARY";
        Rack.Ecs.Calls.Clear();
        var shown = await app.Promote(3, PromotionStatus.Failed);
        Assert.Contains(
            $"error CONVOX0038: the ECS service {app.Name}-web of web can't be deployed by CANARY: its load balancer has no "
                + "advancedConfiguration.", shown.Text, StringComparison.Ordinal);
        Assert.Matches($@"error CONVOX0024: v2 \({app.Next.Id}\) wasn't promoted, and nothing changed: v1 \(\w+\) is still active\.\n$",
            shown.Text);
        Assert.Equal("CONVOX0038", shown.Json["findings"]![0]!["code"]!.GetValue<string>());
        Assert.DoesNotContain("UpdateService", Rack.Ecs.Calls);
    }

    [Fact]
    public async Task Early_success_with_old_tasks_that_drain_is_a_success_that_counts_them_and_so_is_the_promotion_after_it()
    {
        var app = await shared.Make();
        app.Web.Configuration["earlySuccessCriteria"] = new EarlySuccessSetting(50, Deferred: true).Stated;
        app.Behaves("web", new TaskBehavior.BecomesHealthy(S30) { OldStopAfter = TimeSpan.FromDays(14) });
        var shown = await app.Promote(0, PromotionStatus.Succeeded);
        const string left = "2 old tasks keep running for now: the service defers stopping them (early success)";
        Assert.Contains($"web: complete: {left}\n", shown.Text, StringComparison.Ordinal);
        Assert.Matches($"web +complete +2/2 +2 +{Regex.Escape(left)}", shown.Info);
        Assert.Equal(2, shown.Json["services"]![0]!["old"]!.GetValue<int>());

        var third = await Rack.Release(app.Name, "third");
        var again = await app.Type("promote");
        Assert.True(again.Code == 0, again.Text);
        Assert.Contains($"{third.Label} is active\n", again.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Early_success_whose_other_half_never_becomes_healthy_is_no_success(bool deferred)
    {
        var app = await shared.Make();
        app.Web.Configuration["earlySuccessCriteria"] = new EarlySuccessSetting(50, deferred).Stated;
        app.Behaves("web", new TaskBehavior.PartlyHealthy(S30, 1));
        var shown = await app.Promote(3, PromotionStatus.Failed, "--timeout", "3m");
        Assert.Equal(
            "web didn't complete within 3m: 1 of 2 processes is healthy (ECS reports success, but only 1 of 2 tasks are running).",
            shown.Promotion.Reason);
        Assert.EndsWith(app.Failed(shown.Promotion, shown.Promotion.Reason!), shown.Text, StringComparison.Ordinal);
        Assert.Equal(2, app.Web.Counts(Rack.Ecs.Virtual.GetUtcNow()).Running);
    }

    private BrokenResponses Ecs => Rack.Services.Single(s => s.Service == "ECS");

    private async Task<Promotion?> Last(ShiftedApp app) =>
        await Rack.Records.ListPromotions(app.Name, 1, cancel: Cancel) is [var last] ? last : null;

    /// <summary>Something that happens whenever ECS is asked for this.</summary>
    private void On(string operation, Func<Task> act) => Ecs.OnRequest = asked =>
    {
        if (asked == operation) act().GetAwaiter().GetResult();
    };

    private static JsonObject Pause(string stage, int minutes, string action) => new()
    {
        ["targetType"] = "PAUSE",
        ["lifecycleStages"] = new JsonArray(stage),
        ["timeoutConfiguration"] = new JsonObject { ["timeoutInMinutes"] = minutes, ["action"] = action },
    };
}
