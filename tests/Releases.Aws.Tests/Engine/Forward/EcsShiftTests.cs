using System.Text.Json.Nodes;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Services whose traffic ECS shifts are promoted, followed and rolled back at every stage.</summary>
public sealed class EcsShiftTests : IAsyncLifetime
{
    private EcsScenario _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SimulatedEcsService Web => _app.Ecs["hello-web"];

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("BLUE_GREEN", "100")]
    [InlineData("CANARY", "10 100")]
    [InlineData("LINEAR", "25 50 75 100")]
    public async Task A_release_is_followed_through_its_stages_until_the_old_tasks_are_gone(string strategy, string shares)
    {
        Web.Shifts(strategy, bake: 2);
        var (seen, stages) = Follow();
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(_app.V2)).Status);
        Assert.Equal(shares, string.Join(' ', seen.Where(s => s > 0).Distinct()));
        Assert.Equal("bake time", stages[^2]);
        Assert.Equal("stopping old tasks", stages[^1]);
        Assert.Equal((_app.V2.Id.ToString(), (ReleaseId?)_app.V2.Id, 1), (_app.Runs("web"), await _app.Active(), _app.Deployments("web")));
    }

    [Fact]
    public async Task The_bake_ends_with_an_alarm_and_everything_is_back()
    {
        Web.Shifts("BLUE_GREEN", bake: 5);
        Web.Configuration["alarms"] = new JsonObject { ["alarmNames"] = new JsonArray("web-5xx"), ["enable"] = true, ["rollback"] = true };
        NextBehaviors(new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(30))
        { Alarm = new("web-5xx", "BAKE_TIME", TimeSpan.FromMinutes(1)) });
        var ended = await Fails();
        Assert.Equal("web was rolled back by ECS; Alarm web-5xx is in the state ALARM; the alarm web-5xx went off.", ended.Reason);
        Assert.Contains("the alarm web-5xx went off", EcsScenario.Output(ended).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_of_somebody_else_that_waits_is_named_and_how_long_it_may()
    {
        Web.Shifts("BLUE_GREEN", 0, Pause("POST_TEST_TRAFFIC_SHIFT", 60, "ROLLBACK"));
        var ended = await Fails();
        Assert.Matches(
            @"^web didn't complete within 10m: 2 of 2 processes are healthy \(waits for the hook PAUSE \(hook-\d\) until 2026-11-\d\d \d\d:\d\d:\d\d UTC at POST_TEST_TRAFFIC_SHIFT\)\.$",
            ended.Reason!);
    }

    [Theory]
    [InlineData("CONTINUE", PromotionStatus.Succeeded)]
    [InlineData("ROLLBACK", PromotionStatus.Failed)]
    public async Task A_hook_that_is_answered_or_expires_decides(string action, PromotionStatus status)
    {
        Web.Shifts("BLUE_GREEN", 0, Pause("PRE_PRODUCTION_TRAFFIC_SHIFT", 3, action));
        Assert.Equal(status, (await _app.Run(_app.V2)).Status);

        Web.Shifts("BLUE_GREEN", 0, Pause("POST_SCALE_UP", 60, action == "CONTINUE" ? "ROLLBACK" : "CONTINUE"));
        var v3 = await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", "third secret"));
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            if (promotion.Services.Any(s => s.Reason?.StartsWith("waits for the hook", StringComparison.Ordinal) ?? false))
                ((ShiftedDeployment)Web.Current).Continue("hook-1", action, _app.Ecs.Virtual.GetUtcNow());
            return Task.CompletedTask;
        });
        Assert.Equal(status, (await _app.Run(v3)).Status);
    }

    [Theory]
    [InlineData(false, "web was rolled back by ECS; The lifecycle hook arn:aws:lambda:eu-west-1:111122223333:function:smoke failed.")]
    [InlineData(null, "web didn't complete within 10m: 2 of 2 processes are healthy (waits for the hook smoke at TEST_TRAFFIC_SHIFT).")]
    public async Task A_Lambda_hook_that_fails_or_never_answers_rolls_both_services_back(bool? succeeds, string reason)
    {
        const string Smoke = "arn:aws:lambda:eu-west-1:111122223333:function:smoke";
        var hook = new JsonObject
        {
            ["targetType"] = "AWS_LAMBDA",
            ["hookTargetArn"] = Smoke,
            ["roleArn"] = "arn:aws:iam::111122223333:role/hook",
            ["lifecycleStages"] = new JsonArray("TEST_TRAFFIC_SHIFT"),
        };
        Web.Shifts("BLUE_GREEN", 0, hook);
        _app.Ecs["hello-api"].Shifts("CANARY");
        Web.Lambdas[Smoke] = new(TimeSpan.FromSeconds(4), succeeds);
        Assert.Equal(reason, (await Fails()).Reason);
    }

    [Fact]
    public async Task What_is_cancelled_while_production_traffic_shifts_gives_it_back_at_once()
    {
        Web.Shifts("LINEAR");
        var held = await _app.Begin(_app.V2);
        var asked = false;
        _app.Records = SuspendingStore.Around(_app.World.Store, async promotion =>
        {
            if (asked || promotion.Services.All(s => s.Share is not 50)) return;
            asked = await _app.World.Store.RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel);
        });
        var ended = await _app.Driver.Drive(held, Cancel);
        Assert.True(asked);
        Assert.Equal((PromotionStatus.Cancelled, _app.V1.Id.ToString(), _app.V1.Id.ToString()),
            (ended.Status, _app.Runs("web"), _app.Runs("api")));
        Assert.Equal("ROLLBACK_SUCCESSFUL", Web.Current.Status(_app.Ecs.Virtual.GetUtcNow()));
        Assert.Equal(1, _app.Deployments("web"));
    }

    [Fact]
    public async Task What_ECS_called_successful_goes_back_without_bake_and_hooks_and_keeps_its_settings()
    {
        Web.Shifts("CANARY", bake: 1, Pause("POST_PRODUCTION_TRAFFIC_SHIFT", 1, "CONTINUE"));
        var settings = Web.Configuration.ToJsonString();
        var api = _app.Ecs["hello-api"];
        api.Shifts("BLUE_GREEN", bake: 10);
        api.Configuration["alarms"] = new JsonObject { ["alarmNames"] = new JsonArray("api-5xx"), ["enable"] = true, ["rollback"] = true };
        _app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(30))
        {
            Alarm = new("api-5xx", "BAKE_TIME", TimeSpan.FromMinutes(8)),
        }]);
        JsonNode? back = null;
        _app.Ecs.OnRequest = _ => back ??= Web.Deployments.Count > 3 ? Web.Configuration.DeepClone() : null;
        Assert.StartsWith("api was rolled back by ECS", (await Fails()).Reason, StringComparison.Ordinal);
        Assert.Equal(("BLUE_GREEN", 0, "[]"),
            (back!["strategy"]!.GetValue<string>(), back["bakeTimeInMinutes"]!.GetValue<int>(), back["lifecycleHooks"]!.ToJsonString()));
        Assert.Equal(settings, Web.Configuration.ToJsonString());
    }

    [Fact]
    public async Task A_strategy_that_the_load_balancer_cannot_do_is_refused_and_nothing_is_touched()
    {
        var canary = await _app.AddRelease(Stating("{ strategy: canary }"), ("SECRET", "third secret"));
        _app.Ecs.Calls.Clear();
        var ended = await _app.Run(canary);
        Assert.Equal(
            (PromotionStatus.Failed,
                "the ECS service hello-web of web can't be deployed by CANARY: its load balancer has no advancedConfiguration."),
            (ended.Status, ended.Reason));
        Assert.Equal(3, EcsScenario.Output(ended).ExitCode);
        Assert.DoesNotContain("UpdateService", _app.Ecs.Calls);
    }

    [Fact]
    public async Task What_the_manifest_states_is_written_and_the_rest_stays()
    {
        Web.Shifts("BLUE_GREEN", bake: 3, Pause("POST_SCALE_UP", 1, "CONTINUE"));
        Web.Configuration["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = false, ["rollback"] = false };
        var canary = await _app.AddRelease(
            Stating("{ strategy: canary, percent: 20, interval: 90s }", "alarms: [web-5xx]"), ("SECRET", "third secret"));
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(canary)).Status);
        Assert.Equal(
            ("CANARY", """{"canaryPercent":20,"canaryBakeTimeInMinutes":2}""", 3, 1,
                """{"alarmNames":["web-5xx"],"enable":true,"rollback":true}""", false),
            (Web.Configuration["strategy"]!.GetValue<string>(), Web.Configuration["canaryConfiguration"]!.ToJsonString(),
                Web.Configuration["bakeTimeInMinutes"]!.GetValue<int>(), Web.Configuration["lifecycleHooks"]!.AsArray().Count,
                Web.Configuration["alarms"]!.ToJsonString(), Web.Configuration["deploymentCircuitBreaker"]!["enable"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task The_steps_of_a_strategy_go_with_it_and_come_back_with_a_rollback()
    {
        Web.Shifts("LINEAR", bake: 1);
        var before = Web.Configuration.ToJsonString();
        var straight = await _app.AddRelease(Stating("{ strategy: blue-green }"), ("SECRET", "third secret"));
        NextBehaviors(new TaskBehavior.NeverHealthy());
        Assert.Equal(PromotionStatus.Failed, (await _app.Run(straight, TimeSpan.FromMinutes(2))).Status);
        Assert.Equal(before, Web.Configuration.ToJsonString());
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(straight)).Status);
        Assert.Equal(("BLUE_GREEN", null), (Web.Configuration["strategy"]!.GetValue<string>(), Web.Configuration["linearConfiguration"]));
    }

    [Theory]
    [InlineData("""{"strategy":"ROLLING","bakeTimeInMinutes":5}""", 0)]
    [InlineData("""{"strategy":"BLUE_GREEN","bakeTimeInMinutes":5}""", 5)]
    [InlineData("""{"strategy":"CANARY","bakeTimeInMinutes":5,"canaryConfiguration":{"canaryPercent":5.0,"canaryBakeTimeInMinutes":10}}""",
        15)]
    [InlineData("""{"strategy":"LINEAR","linearConfiguration":{"stepPercent":30.0,"stepBakeTimeInMinutes":2}}""", 6)]
    public void Steps_and_bakes_of_ECS_are_added_to_the_limit(string configuration, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), ShiftSettings.Takes(JsonNode.Parse(configuration)!.AsObject()));

    [Fact]
    public async Task A_driver_that_took_over_after_the_check_adds_them_too()
    {
        Web.Shifts("BLUE_GREEN", bake: 30);
        var next = await _app.World.Release(RolloutOutcome.Succeeds, "web");
        Assert.Equal(30 * 60, (await _app.World.Renew().Plan(next, Cancel)).RackSeconds);
    }

    /// <summary>The start of the service then fails with the reason.</summary>
    [Fact]
    public async Task A_driver_that_may_not_read_them_has_the_promotions_own_limit()
    {
        Web.Shifts("BLUE_GREEN", bake: 30);
        var next = await _app.World.Release(RolloutOutcome.Succeeds, "web");
        _app.Ecs.Refuse("DescribeServices", "AccessDeniedException");
        Assert.Equal(0, (await _app.World.Renew().Plan(next, Cancel)).RackSeconds);
        _app.Ecs.Refuse("DescribeServices", null);
    }

    [Theory]
    [InlineData("CANARY", null, null)]
    [InlineData("CANARY", "UpdateService", null)]
    [InlineData("BLUE_GREEN", null, "alarm")]
    [InlineData("LINEAR", "StopServiceDeployment", "api")]
    public async Task Whenever_its_driver_dies_it_comes_to_the_same_end(string strategy, string? answersLost, string? fails)
    {
        Web.Shifts(strategy, bake: 1);
        if (fails == "alarm")
            Web.Configuration["alarms"] = new JsonObject { ["alarmNames"] = new JsonArray("a"), ["enable"] = true, ["rollback"] = true };
        _app.BecomeHealthySoon();
        var moments = await DieAt(int.MaxValue);
        Assert.True(moments > 15, $"Only {moments} moments were seen.");
        for (var at = 1; at <= moments; at++) await DieAt(at);

        async Task<int> DieAt(int dieAt)
        {
            var before = (await _app.Active())!.Value;
            var next = await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {dieAt}"));
            _app.Ecs.Behaviors.Clear();
            if (fails == "alarm")
                NextBehaviors(new TaskBehavior.BecomesHealthy(_app.Ecs.TimeToHealthy)
                { Alarm = new("a", "BAKE_TIME", TimeSpan.FromSeconds(20)) });
            if (fails == "api") _app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(20))]);
            if (answersLost is not null) _app.Ecs.FailAlways(answersLost, Fault.ResponseLost);
            var held = await _app.Begin(next);
            var (dying, moments) = DyingStore.Around(_app.World.Store, dieAt);
            _app.Records = dying;
            var died = await Record.ExceptionAsync(() => _app.Driver.Drive(held, Cancel));
            if (answersLost is not null) _app.Ecs.FailAlways(answersLost, null);
            if (died is not null) Assert.IsType<DriverDiedException>(died);
            var ended = await _app.TakeOver(held, TimeSpan.FromSeconds(12));
            var active = fails is null ? next.Id : before;
            Assert.True((fails is null ? PromotionStatus.Succeeded : PromotionStatus.Failed) == ended.Status, ended.Describe($"at {dieAt}"));
            Assert.Equal(
                ((ReleaseId?)active, active.ToString(), active.ToString()), (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
            return moments.Moments;
        }
    }

    private static JsonObject Pause(string stage, int minutes, string action) => new()
    {
        ["targetType"] = "PAUSE",
        ["lifecycleStages"] = new JsonArray(stage),
        ["timeoutConfiguration"] = new JsonObject { ["timeoutInMinutes"] = minutes, ["action"] = action },
    };

    private static string Stating(string deployment, string aws = "base: service") => EcsScenario.TwoServices.Replace(
        "port: 8080\n    x-aws: { container: web }", $"port: 8080\n    deployment: {deployment}\n    x-aws: {{ container: web, {aws} }}",
        StringComparison.Ordinal);

    private void NextBehaviors(TaskBehavior behavior) => _app.Ecs.Behaviors["hello-web"] = new([behavior]);

    /// <summary>The shares and the stages of web, as they are written.</summary>
    private (List<int> Shares, List<string> Stages) Follow()
    {
        var (shares, stages) = (new List<int>(), new List<string>());
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            if (promotion.Services.FirstOrDefault(s => s.Service == A.Web) is { } web)
            {
                if (web.Share is { } share) shares.Add(share);
                if (web.Stage is { } stage && (stages.Count == 0 || stages[^1] != stage)) stages.Add(stage);
            }

            return Task.CompletedTask;
        });
        return (shares, stages);
    }

    /// <summary>It failed, the user sees why, and everything is rolled back.</summary>
    private async Task<Promotion> Fails()
    {
        var ended = await _app.Run(_app.V2);
        Assert.True(ended.Status == PromotionStatus.Failed, $"{ended.Status}: {ended.Reason}");
        Assert.Equal(((ReleaseId?)_app.V1.Id, _app.V1.Id.ToString(), _app.V1.Id.ToString()),
            (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
        Assert.Equal(3, EcsScenario.Output(ended).ExitCode);
        return ended;
    }
}
