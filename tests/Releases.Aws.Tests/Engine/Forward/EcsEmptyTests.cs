using System.Text.Json.Nodes;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>A service that has no tasks and gets none takes no step, isn't verified or held, and doesn't hold the others up.</summary>
public sealed class EcsEmptyTests : IAsyncLifetime
{
    private static readonly string Verified =
        EcsScenario.TwoServices.Replace("    build: Api\n", "    build: Api\n    verify: ./smoke.sh\n", StringComparison.Ordinal);

    private EcsScenario _app = null!;
    private JsonObject _settings = null!;

    private SimulatedEcsService Web => _app.Ecs["hello-web"];

    private SimulatedEcsService Api => _app.Ecs["hello-api"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("BLUE_GREEN", "ROLLING")]
    [InlineData("CANARY", "ROLLING")]
    [InlineData("LINEAR", "BLUE_GREEN")]
    [InlineData("ROLLING", "BLUE_GREEN")]
    [InlineData("ROLLING", "ROLLING")]
    public async Task It_is_complete_at_once_and_has_its_own_settings_afterwards(string its, string others)
    {
        Empty(its, others);
        var v3 = await _app.AddRelease(Verified, ("SECRET", "third secret"));
        var ended = await _app.Run(v3);

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("empty"));
        var api = ended.Services.Single(s => s.Service.ToString() == "api");
        Assert.Equal((EmptyRollout.NotVerified, false), (api.Reason, api.MovesLast));
        Assert.Empty(ended.VerifyCommands);
        Assert.True(api.CompletedAt - ended.StartedAt < TimeSpan.FromMinutes(3), ended.Describe("empty"));
        Assert.True(JsonNode.DeepEquals(_settings, Comparable()), Api.Configuration.ToJsonString());
        Assert.Equal(TimeSpan.FromMinutes(10) + (others == "ROLLING" ? TimeSpan.Zero : TimeSpan.FromMinutes(1)),
            ended.Deadline - ended.StartedAt);
    }

    [Fact]
    public async Task One_that_rolls_doesnt_keep_the_others_from_being_held()
    {
        Empty("ROLLING", "BLUE_GREEN");
        var held = await _app.Begin(_app.V2, holdFor: TimeSpan.FromMinutes(30));
        var seen = new HashSet<(string, ServiceStatus)>();
        _app.Records = SuspendingStore.Around(_app.World.Store, async promotion =>
        {
            if (!promotion.WaitsForApproval) return;
            seen.UnionWith(promotion.Services.Select(s => ($"{s.Service}", s.Status)));
            await _app.World.Store.Approve(A.App, held.Promotion, A.Event(EventKind.PromotionApproved), Cancel);
        });
        var ended = await _app.Driver.Drive(held, Cancel);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("held"));
        Assert.Equal([("api", ServiceStatus.Complete), ("web", ServiceStatus.Healthy)], seen.OrderBy(s => s.Item1));
    }

    [Theory]
    [InlineData("CANARY")]
    [InlineData("ROLLING")]
    public async Task If_another_fails_it_goes_back_with_its_settings(string its)
    {
        Empty(its, "ROLLING");
        _app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.NeverHealthy()]);
        var ended = await _app.Run(_app.V2);
        Assert.Equal((PromotionStatus.Failed, "web"), (ended.Status, ended.FailedService?.ToString()));
        Assert.True(JsonNode.DeepEquals(_settings, Comparable()), Api.Configuration.ToJsonString());
        Assert.Equal(_app.V1.Id.ToString(), TaskTags.Find(_app.Ecs.Definitions.TagsOf(Api.Current.Target), "convox:release"));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    public async Task One_that_gets_or_loses_all_of_its_tasks_takes_its_steps_with_those_that_it_has(int before, int after)
    {
        Set(Api, "CANARY", bake: 1);
        Set(Web, "BLUE_GREEN", bake: 1);
        Api.Desired = before;
        _settings = Comparable();
        var shares = new HashSet<int?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            shares.UnionWith(promotion.Services.Where(s => $"{s.Service}" == "api").Select(s => s.Share));
            return Task.CompletedTask;
        });
        var ended = await _app.Run(await _app.AddRelease(
            EcsScenario.TwoServices.Replace("    build: Api\n", $"    build: Api\n    scale: {after}\n", StringComparison.Ordinal),
            ("SECRET", "third secret")));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("changed"));
        Assert.Contains(10, shares);
        Assert.Equal(2, ended.Services.Single(s => $"{s.Service}" == "api").Healthy);
        Assert.Equal((after, 2), (Api.Desired, _app.Ecs.Calls.Count(c => c == "ContinueServiceDeployment")));
        Assert.True(JsonNode.DeepEquals(_settings, Comparable()), Api.Configuration.ToJsonString());
    }

    [Fact]
    public async Task Wherever_its_driver_dies_it_has_its_own_settings_afterwards()
    {
        var moments = int.MaxValue;
        for (var dieAt = 1; dieAt <= moments; dieAt++)
        {
            await using var app = await EcsScenario.Start();
            (_app, app.Ecs.TimeToHealthy) = (app, TimeSpan.FromSeconds(6));
            Empty("CANARY", "ROLLING");
            var held = await app.Begin(app.V2);
            (app.Records, var dying) = DyingStore.Around(app.World.Store, dieAt);
            var died = await Record.ExceptionAsync(() => app.Driver.Drive(held, Cancel));
            if (died is null) moments = dying.Moments;
            else Assert.IsType<DriverDiedException>(died);
            var ended = await app.TakeOver(held, TimeSpan.FromSeconds(12));
            Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe($"at {dieAt}"));
            Assert.True(JsonNode.DeepEquals(_settings, Comparable()), $"at {dieAt}: {Api.Configuration.ToJsonString()}");
        }
    }

    private void Empty(string its, string others)
    {
        Set(Api, its, bake: 60);
        Set(Web, others, bake: 1);
        Api.Desired = 0;
        _settings = Comparable();
    }

    private static void Set(SimulatedEcsService service, string strategy, int bake)
    {
        if (strategy != "ROLLING") service.Shifts(strategy, bake: bake);
    }

    /// <summary>A rollout of a rolling deployment switches its breaker on.</summary>
    private JsonObject Comparable()
    {
        var settings = (JsonObject)Api.Configuration.DeepClone();
        if (settings["strategy"]?.GetValue<string>() is null or "ROLLING") settings.Remove("deploymentCircuitBreaker");
        return settings;
    }
}
