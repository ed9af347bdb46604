using System.Text.Json.Nodes;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>Services whose traffic ECS shifts wait for each other, and for an approval, at a hook of ours that is gone
/// afterwards.</summary>
public sealed class EcsPauseTests : IAsyncLifetime
{
    private EcsScenario _app = null!;
    private string _settings = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SimulatedEcsService Web => _app.Ecs["hello-web"];

    private SimulatedEcsService Api => _app.Ecs["hello-api"];

    public async ValueTask InitializeAsync()
    {
        _app = await EcsScenario.Start();
        Shift();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task No_services_traffic_moves_before_every_service_is_ready()
    {
        _app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.BecomesHealthy(TimeSpan.FromMinutes(3))]);
        var (first, hooks) = (new Dictionary<string, Promotion>(), new HashSet<string>());
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            foreach (var service in promotion.Services.Where(s => s.Share > 0)) first.TryAdd(service.Service.ToString(), promotion);
            hooks.Add($"{PauseHook.IsIn(Web.Configuration)} {PauseHook.IsIn(Api.Configuration)}");
            return Task.CompletedTask;
        });

        var ended = await _app.Run(_app.V2);

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Contains("True True", hooks);
        Assert.All(first.Values,
            p => Assert.True(p.StartedAt + TimeSpan.FromMinutes(3) < p.Services.Min(s => s.Timeline[^1].At), p.ToString()));
        Assert.Equal(["api", "web"], first.Keys.Order());
        Assert.Equal(2, _app.Ecs.Calls.Count(c => c == "ContinueServiceDeployment"));
        await IsActive(_app.V2);
    }

    [Fact]
    public async Task If_one_service_fails_before_the_shift_the_other_has_had_no_traffic()
    {
        _app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.NeverHealthy()]);
        var shares = new HashSet<int?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            shares.UnionWith(promotion.Services.Select(s => s.Share));
            return Task.CompletedTask;
        });

        var ended = await _app.Run(_app.V2);

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.DoesNotContain(shares, s => s > 0);
        Assert.DoesNotContain("ContinueServiceDeployment", _app.Ecs.Calls);
        await IsActive(_app.V1);
    }

    [Fact]
    public async Task A_single_service_that_shifts_waits_for_nobody()
    {
        var web = EcsScenario.TwoServices[..EcsScenario.TwoServices.IndexOf("  api:", StringComparison.Ordinal)];
        await using var app = await EcsScenario.Start(manifest: web);
        app.Ecs["hello-web"].Shifts("BLUE_GREEN", bake: 1);
        var ended = await app.Run(app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.DoesNotContain("ContinueServiceDeployment", app.Ecs.Calls);
    }

    [Theory]
    [InlineData(true, PromotionStatus.Succeeded, null)]
    [InlineData(false, PromotionStatus.Failed, "nobody approved it within 30m.")]
    public async Task A_held_release_waits_without_production_traffic_until_it_is_approved(bool approved,
        PromotionStatus status, string? reason)
    {
        var held = await _app.Begin(_app.V2, holdFor: TimeSpan.FromMinutes(30));
        var heldShares = new HashSet<int?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, async promotion =>
        {
            if (!promotion.WaitsForApproval) return;
            heldShares.UnionWith(promotion.Services.Select(s => s.Share));
            Assert.All(promotion.Services, s => Assert.Equal((ServiceStatus.Healthy, 2), (s.Status, s.Healthy)));
            if (approved) await _app.World.Store.Approve(A.App, held.Promotion, A.Event(EventKind.PromotionApproved), Cancel);
        });

        var ended = await _app.Driver.Drive(held, Cancel);

        Assert.Equal((status, reason), (ended.Status, ended.Reason));
        Assert.Equal([0], heldShares);
        await IsActive(approved ? _app.V2 : _app.V1);
    }

    [Fact]
    public async Task A_service_that_rolls_cannot_be_held_and_nothing_is_touched()
    {
        Api.Configuration["strategy"] = "ROLLING";
        _settings = Settings();
        _app.Ecs.Calls.Clear();
        var ended = await _app.Driver.Drive(await _app.Begin(_app.V2, holdFor: TimeSpan.FromHours(1)), Cancel);
        Assert.Equal(
            (PromotionStatus.Failed,
                "api can't be held: ECS deploys hello-api by ROLLING, so new tasks get traffic as soon as they are healthy."),
            (ended.Status, ended.Reason));
        Assert.DoesNotContain("UpdateService", _app.Ecs.Calls);
    }

    [Theory]
    [InlineData(15, null, "360h 10m")]
    [InlineData(null, 20, "480h")]
    public async Task What_would_wait_longer_than_ECS_does_is_refused(int? holdDays, int? limitDays, string limit)
    {
        TimeSpan? timeout = limitDays is { } most ? TimeSpan.FromDays(most) : null;
        TimeSpan? hold = holdDays is { } days ? TimeSpan.FromDays(days) : null;
        _app.Ecs.Calls.Clear();
        var ended = await _app.Driver.Drive(await _app.Begin(_app.V2, timeout, hold), Cancel);
        Assert.StartsWith(
            $"web can't wait that long: the promotion may take {limit}, but ECS rolls hello-web back after 14 days",
            ended.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("UpdateService", _app.Ecs.Calls);
    }

    [Fact]
    public async Task It_waits_at_a_stage_at_which_nobody_else_pauses()
    {
        TakesTestTraffic(Web);
        Assert.Equal("POST_TEST_TRAFFIC_SHIFT", await WaitsAt(_app.V2));

        Shift(Others("POST_TEST_TRAFFIC_SHIFT"));
        TakesTestTraffic(Web);
        Assert.Equal("POST_SCALE_UP", await WaitsAt(await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", "third secret"))));

        Shift(Others("POST_SCALE_UP"));
        var v4 = await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", "fourth secret"));
        var ended = await _app.Driver.Drive(await _app.Begin(v4, holdFor: TimeSpan.FromHours(1)), Cancel);
        Assert.Equal(
            "web can't be held: hello-web has a PAUSE hook of its own at the stage where the promotion would wait.",
            ended.Reason);

        async Task<string> WaitsAt(Release release)
        {
            var stages = new HashSet<string>();
            _app.Records = SuspendingStore.Around(_app.World.Store, _ =>
            {
                stages.UnionWith(Web.Configuration["lifecycleHooks"]!.AsArray().Where(h => h!["hookDetails"] is not null)
                    .Select(h => h!["lifecycleStages"]![0]!.GetValue<string>()));
                return Task.CompletedTask;
            });
            Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(release)).Status);
            await IsActive(release);
            return Assert.Single(stages);
        }
    }

    [Fact]
    public async Task A_service_that_somebody_else_deploys_meanwhile_is_left_to_them_without_our_hook_in_its_settings()
    {
        var foreign = EcsWorld.Bootstrap();
        foreign["family"] = "terraform";
        var arn = _app.Ecs.Definitions.Add(foreign);
        _app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.Superseded(TimeSpan.FromSeconds(10), arn)]);
        var ended = await _app.Run(_app.V2);
        Assert.Equal((PromotionStatus.Stuck, arn, _app.V1.Id.ToString()), (ended.Status, Web.Current.Target, _app.Runs("api")));
        Assert.False(PauseHook.IsIn(Web.Configuration) || PauseHook.IsIn(Api.Configuration));
    }

    [Fact]
    public async Task A_caller_that_may_not_continue_a_deployment_gets_everything_back()
    {
        _app.Ecs.Refuse("ContinueServiceDeployment", "AccessDeniedException");
        var ended = await _app.Run(_app.V2);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Contains("ContinueServiceDeployment", ended.Reason, StringComparison.Ordinal);
        await IsActive(_app.V1);
    }

    [Fact]
    public async Task A_hook_that_was_left_behind_is_not_taken_for_the_services_own()
    {
        var left = new JsonObject { ["lifecycleHooks"] = new JsonArray() };
        PauseHook.Add(left, LifecycleStage.TestTrafficShifted,
            new(App.New(A.App, A.Event()), _app.V1, PromotionId.New(), []) { Limit = TimeSpan.FromHours(1) });
        Web.Configuration["lifecycleHooks"] = new JsonArray(left["lifecycleHooks"]![0]!.DeepClone());
        Assert.Equal(PromotionStatus.Succeeded, (await _app.Run(_app.V2)).Status);
        await IsActive(_app.V2);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("ContinueServiceDeployment", null)]
    [InlineData("UpdateService", null)]
    [InlineData("UpdateService", "api")]
    [InlineData(null, "cancelled")]
    public async Task Whenever_its_driver_dies_it_comes_to_the_same_end_and_no_hook_is_left(string? answersLost, string? fails)
    {
        _app.BecomeHealthySoon();
        var moments = await DieAt(int.MaxValue);
        Assert.True(moments > 20, $"Only {moments} moments were seen.");
        for (var at = 1; at <= moments; at++) await DieAt(at);

        async Task<int> DieAt(int dieAt)
        {
            var before = (await _app.Active())!.Value;
            var next = await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {dieAt}"));
            _app.Ecs.Behaviors.Clear();
            if (fails == "api") _app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.NeverHealthy()]);
            if (answersLost is not null) _app.Ecs.FailAlways(answersLost, Fault.ResponseLost);
            var held = await _app.Begin(next, EcsScenario.ShortLimit, TimeSpan.FromMinutes(30));
            var decided = SuspendingStore.Around(_app.World.Store, async promotion =>
            {
                if (!promotion.WaitsForApproval) return;
                if (fails == "cancelled") await _app.World.Store.RequestCancel(A.App, held.Promotion,
                    A.Event(EventKind.PromotionCancelRequested), Cancel);
                else await _app.World.Store.Approve(A.App, held.Promotion, A.Event(EventKind.PromotionApproved), Cancel);
            });
            var (dying, moments) = DyingStore.Around(decided, dieAt);
            _app.Records = dying;
            var died = await Record.ExceptionAsync(() => _app.Driver.Drive(held, Cancel));
            if (answersLost is not null) _app.Ecs.FailAlways(answersLost, null);
            if (died is not null) Assert.IsType<DriverDiedException>(died);
            if (await _app.World.Store.FindLock(A.App, Cancel) is not null && fails != "cancelled")
                await _app.World.Store.Approve(A.App, held.Promotion, A.Event(EventKind.PromotionApproved), Cancel);
            if (await _app.World.Store.FindLock(A.App, Cancel) is not null && fails == "cancelled")
                await _app.World.Store.RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel);
            var ended = await _app.TakeOver(held, TimeSpan.FromSeconds(12));
            var (status, active) = fails switch
            {
                null => (PromotionStatus.Succeeded, next.Id),
                "cancelled" => (PromotionStatus.Cancelled, before),
                _ => (PromotionStatus.Failed, before),
            };
            Assert.True(status == ended.Status, $"{ended.Status}: {ended.Reason}\n{ended.Describe($"at {dieAt}")}");
            Assert.Equal(((ReleaseId?)active, active.ToString(), active.ToString()),
                (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
            Assert.Equal(_settings, Settings());
            return moments.Moments;
        }
    }

    /// <summary>A hook of somebody else's, which expires after a minute.</summary>
    private static JsonObject Others(string stage) => new()
    {
        ["targetType"] = "PAUSE",
        ["lifecycleStages"] = new JsonArray(stage),
        ["timeoutConfiguration"] = new JsonObject { ["timeoutInMinutes"] = 1, ["action"] = "CONTINUE" },
    };

    private static void TakesTestTraffic(SimulatedEcsService service) =>
        service.More["loadBalancers"]![0]!["advancedConfiguration"]!["testListenerRule"] =
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/lb/1/1/2";

    private void Shift(params JsonObject[] web)
    {
        Web.Shifts("BLUE_GREEN", bake: 1, web);
        Api.Shifts("CANARY", bake: 1);
        _settings = Settings();
    }

    private string Settings() => $"{Web.Configuration.ToJsonString()}\n{Api.Configuration.ToJsonString()}";

    /// <summary>It runs everywhere, and the services' settings are as they were.</summary>
    private async Task IsActive(Release release)
    {
        Assert.Equal(((ReleaseId?)release.Id, release.Id.ToString(), release.Id.ToString()),
            (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
        Assert.Equal(_settings, Settings());
    }
}
