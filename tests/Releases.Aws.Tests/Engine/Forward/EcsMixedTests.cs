using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>An app of which ECS shifts one service's traffic and rolls another: the one that rolls moves last before the shift.</summary>
public sealed class EcsMixedTests : IAsyncLifetime
{
    private EcsScenario _app = null!;
    private string _settings = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SimulatedEcsService Web => _app.Ecs["hello-web"];

    private SimulatedEcsService Api => _app.Ecs["hello-api"];

    /// <summary>The one that rolls comes first in the manifest, so that order isn't luck.</summary>
    public async ValueTask InitializeAsync()
    {
        _app = await EcsScenario.Start();
        Api.Shifts("BLUE_GREEN", bake: 1);
        _settings = Settings;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_one_that_rolls_moves_when_the_other_is_ready_and_the_other_gets_traffic_when_that_is_complete()
    {
        _app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.BecomesHealthy(TimeSpan.FromMinutes(2))]);
        var seen = new List<(string Web, int WebDeployments, string Api, int? Share)>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            if (promotion.Services is [var web, var api]) seen.Add(($"{web.Status}", _app.Deployments("web"), $"{api.Status}", api.Share));
            return Task.CompletedTask;
        });

        var ended = await _app.Run(_app.V2);

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("mixed"));
        Assert.Contains(seen, s => s is { Web: "Waiting", Api: "Starting", WebDeployments: 0 });
        Assert.All(seen.Where(s => s.Share > 0), s => Assert.Equal("Complete", s.Web));
        Assert.All(seen.Where(s => s.Api == "Starting" && s.Web != "Complete"), s => Assert.Equal(0, s.WebDeployments));
        await IsActive(_app.V2);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("web")]
    public async Task If_either_fails_nobody_has_seen_the_one_that_shifts_and_both_are_back(string fails)
    {
        _app.Ecs.Behaviors["hello-" + fails] = new([new TaskBehavior.NeverHealthy()]);
        var shares = new HashSet<int?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            shares.UnionWith(promotion.Services.Where(s => $"{s.Service}" == "api").Select(s => s.Share));
            return Task.CompletedTask;
        });

        var ended = await _app.Run(_app.V2);

        Assert.Equal((PromotionStatus.Failed, fails), (ended.Status, ended.FailedService?.ToString()));
        Assert.DoesNotContain(shares, s => s > 0);
        Assert.Equal(fails == "api" ? 0 : 1, _app.Deployments("web"));
        Assert.DoesNotContain("ContinueServiceDeployment", _app.Ecs.Calls);
        await IsActive(_app.V1);
    }

    [Fact]
    public async Task A_count_that_somebody_raised_while_it_waited_is_kept()
    {
        var release = await _app.AddRelease(
            EcsScenario.TwoServices.Replace("build: Web", "build: Web\n    scale: 4", StringComparison.Ordinal), ("SECRET", "third"));
        _app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.NeverHealthy()]);
        var waited = false;
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            if (!waited && promotion.Services.Any(s => s is { Status: ServiceStatus.Waiting, Engine: not null }))
                (waited, Web.Desired) = (true, 6);
            return Task.CompletedTask;
        });
        var ended = await _app.Run(release);
        Assert.True(ended.Status == PromotionStatus.Failed, ended.Describe("raised"));
        Assert.Equal((true, 6, 1), (waited, Web.Desired, _app.Deployments("web")));
    }

    [Fact]
    public async Task The_one_that_rolls_is_the_first_to_be_rolled_back()
    {
        var held = await _app.Begin(_app.V2);
        _app.Records = SuspendingStore.Around(_app.World.Store, async promotion =>
        {
            if (promotion.Services.Any(s => s.Share > 0))
                await _app.World.Store.RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel);
        });
        var back = new SharedList<string>();
        _app.Ecs.OnRequest = operation =>
        {
            if (operation is not ("StopServiceDeployment" or "UpdateService")) return;
            if (StatusOf(held) == PromotionStatus.RollingBack) back.Add(operation);
        };

        var ended = await _app.Driver.Drive(held, Cancel);

        Assert.Equal((PromotionStatus.Cancelled, "web"), (ended.Status, $"{ended.Services.Single(s => s.MovesLast).Service}"));
        // A complete service rolls back by an update, and one that still bakes by a stop.
        Assert.Equal(["UpdateService", "StopServiceDeployment"], back.Take(2));
        await IsActive(_app.V1);
    }

    [Fact]
    public async Task What_somebody_else_deploys_before_it_moves_is_left_to_them_and_the_rest_goes_back()
    {
        var foreign = EcsWorld.Bootstrap();
        foreign["family"] = "terraform";
        var arn = _app.Ecs.Definitions.Add(foreign);
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            if (promotion.Services is [{ Status: ServiceStatus.Waiting, Engine: not null }, _] && Web.Current.Target != arn)
                Web.Begin(arn, new TaskBehavior.BecomesHealthy(TimeSpan.Zero), _app.Ecs.Virtual.GetUtcNow());
            return Task.CompletedTask;
        });
        var ended = await _app.Run(_app.V2);
        Assert.Equal((PromotionStatus.Stuck, arn, _app.V1.Id.ToString()), (ended.Status, Web.Current.Target, _app.Runs("api")));
        Assert.Contains("was changed by somebody else in the meantime", ended.Reason, StringComparison.Ordinal);
        Assert.Equal(4, EcsScenario.Output(ended).ExitCode);
    }

    [Fact]
    public async Task A_caller_that_may_not_let_the_other_continue_gets_both_back()
    {
        _app.Ecs.Refuse("ContinueServiceDeployment", "AccessDeniedException");
        var ended = await _app.Run(_app.V2);
        Assert.Equal((PromotionStatus.Failed, "api"), (ended.Status, ended.FailedService?.ToString()));
        Assert.Contains("ContinueServiceDeployment", ended.Reason, StringComparison.Ordinal);
        await IsActive(_app.V1);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("UpdateService", null)]
    [InlineData("ContinueServiceDeployment", null)]
    [InlineData("UpdateService", "web")]
    [InlineData(null, "api")]
    public async Task Whenever_its_driver_dies_it_comes_to_the_same_end_and_no_step_has_two_effects(string? answersLost, string? fails)
    {
        _app.BecomeHealthySoon();
        var moments = await DieAt(int.MaxValue);
        Assert.True(moments > 20, $"Only {moments} moments were seen.");
        for (var at = 1; at <= moments; at++) await DieAt(at);

        async Task<int> DieAt(int dieAt)
        {
            var before = (await _app.Active())!.Value;
            var next = await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {dieAt}"));
            var deployments = (Web: _app.Deployments("web"), Api: _app.Deployments("api"));
            _app.Ecs.Behaviors.Clear();
            if (fails is not null) _app.Ecs.Behaviors["hello-" + fails] = new([new TaskBehavior.NeverHealthy()]);
            if (answersLost is not null) _app.Ecs.FailAlways(answersLost, Fault.ResponseLost);
            var held = await _app.Begin(next, EcsScenario.ShortLimit);
            var (dying, moments) = DyingStore.Around(_app.World.Store, dieAt);
            _app.Records = dying;
            var died = await Record.ExceptionAsync(() => _app.Driver.Drive(held, Cancel));
            if (answersLost is not null) _app.Ecs.FailAlways(answersLost, null);
            if (died is not null) Assert.IsType<DriverDiedException>(died);
            var ended = await _app.TakeOver(held, TimeSpan.FromSeconds(12));
            var (status, active) = fails is null ? (PromotionStatus.Succeeded, next.Id) : (PromotionStatus.Failed, before);
            Assert.True(status == ended.Status, ended.Describe($"at {dieAt}"));
            Assert.Equal(
                ((ReleaseId?)active, active.ToString(), active.ToString()), (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
            Assert.Equal(_settings, Settings);
            Assert.InRange(_app.Deployments("web") - deployments.Web, 0, fails is null ? 1 : 2);
            Assert.InRange(_app.Deployments("api") - deployments.Api, 0, 1);
            return moments.Moments;
        }
    }

    /// <summary>The circuit breaker stays on where ECS rolls.</summary>
    private string Settings => $"{Web.Configuration["strategy"]}\n{Api.Configuration.ToJsonString()}";

    private PromotionStatus? StatusOf(PromotionLock held) =>
        _app.World.Store.FindPromotion(A.App, held.Promotion, Cancel).GetAwaiter().GetResult()?.Status;

    private async Task IsActive(Release release)
    {
        var id = release.Id.ToString();
        Assert.Equal(((ReleaseId?)release.Id, id, id), (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
        Assert.Equal(_settings, Settings);
    }
}
