using System.Text.Json.Nodes;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>A service that a hook of somebody else may still stop after ours gets traffic before the others do.</summary>
public sealed class EcsHookOrderTests : IAsyncLifetime
{
    /// <summary>The production traffic of new tasks in percent, by ECS itself, at each request.</summary>
    private readonly SharedList<(double Web, double Api)> _shares = [];
    private (int Web, int Api) _before;
    private EcsScenario _app = null!;
    private string _settings = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await EcsScenario.Start();
        _app.BecomeHealthySoon();
        _app.Ecs.OnRequest = _ => _shares.Add((Share("web", _before.Web), Share("api", _before.Api)));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("POST_TEST_TRAFFIC_SHIFT", "PAUSE")]
    [InlineData("PRE_PRODUCTION_TRAFFIC_SHIFT", "PAUSE")]
    [InlineData("PRE_PRODUCTION_TRAFFIC_SHIFT", "AWS_LAMBDA")]
    [InlineData("POST_SCALE_UP", "PAUSE")]
    public async Task If_it_rolls_back_nobody_has_seen_the_other_service(string stage, string target)
    {
        Shift(Hook(stage, target, "ROLLBACK"));
        var ended = await _app.Run(_app.V2);
        Assert.Equal((PromotionStatus.Failed, "web"), (ended.Status, ended.FailedService?.ToString()));
        Assert.All(_shares, s => Assert.Equal((0, 0), s));
        await IsActive(_app.V1);
    }

    [Theory]
    [InlineData("POST_TEST_TRAFFIC_SHIFT", "PAUSE")]
    [InlineData("PRE_PRODUCTION_TRAFFIC_SHIFT", "AWS_LAMBDA")]
    [InlineData("POST_SCALE_UP", "PAUSE")]
    public async Task If_it_continues_the_other_service_gets_traffic_after_it(string stage, string target)
    {
        Shift(Hook(stage, target, "CONTINUE"));
        var ended = await _app.Run(_app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe(stage));
        Assert.Contains(_shares, s => s is { Web: > 0, Api: 0 });
        Assert.All(_shares.Where(s => s.Api > 0), s => Assert.True(s.Web > 0, $"{s}"));
        await IsActive(_app.V2);
    }

    [Fact]
    public async Task A_held_release_waits_for_its_approval_before_it()
    {
        Shift(Hook("POST_TEST_TRAFFIC_SHIFT", "PAUSE", "CONTINUE"));
        var held = await _app.Begin(_app.V2, holdFor: TimeSpan.FromMinutes(30));
        var reasons = new HashSet<string?>();
        _app.Records = SuspendingStore.Around(_app.World.Store, async promotion =>
        {
            if (promotion.Hold?.ApprovedAt is not null) reasons.UnionWith(promotion.Services.Select(s => s.Reason));
            if (!promotion.WaitsForApproval) return;
            Assert.All(promotion.Services, s => Assert.Equal((ServiceStatus.Healthy, 0), (s.Status, s.Share)));
            await _app.World.Store.Approve(A.App, held.Promotion, A.Event(EventKind.PromotionApproved), Cancel);
        });
        var ended = await _app.Driver.Drive(held, Cancel);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("held"));
        Assert.Contains(reasons, r => r?.StartsWith("waits for the hook PAUSE", StringComparison.Ordinal) ?? false);
        Assert.All(_shares.Where(s => s.Api > 0), s => Assert.True(s.Web > 0, $"{s}"));
        await IsActive(_app.V2);
    }

    [Fact]
    public async Task Whenever_its_driver_dies_the_other_service_waits_all_the_same()
    {
        Shift(Hook("PRE_PRODUCTION_TRAFFIC_SHIFT", "AWS_LAMBDA", "CONTINUE"));
        var moments = await DieAt(int.MaxValue);
        Assert.True(moments > 20, $"Only {moments} moments were seen.");
        for (var at = moments / 2; at <= moments; at += 3) await DieAt(at);

        async Task<int> DieAt(int dieAt)
        {
            var next = await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {dieAt}"));
            Begin();
            var held = await _app.Begin(next);
            var (dying, moments) = DyingStore.Around(_app.World.Store, dieAt);
            _app.Records = dying;
            if (await Record.ExceptionAsync(() => _app.Driver.Drive(held, Cancel)) is { } died) Assert.IsType<DriverDiedException>(died);
            var ended = await _app.TakeOver(held, TimeSpan.FromSeconds(12));
            Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe($"at {dieAt}"));
            Assert.All(_shares.Where(s => s.Api > 0), s => Assert.True(s.Web > 0, $"at {dieAt}: {s}"));
            await IsActive(next);
            return moments.Moments;
        }
    }

    /// <summary>A hook of somebody else's that decides after a minute.</summary>
    private JsonObject Hook(string stage, string target, string decides)
    {
        if (target == "PAUSE")
            return new()
            {
                ["targetType"] = "PAUSE",
                ["lifecycleStages"] = new JsonArray(stage),
                ["timeoutConfiguration"] = new JsonObject { ["timeoutInMinutes"] = 1, ["action"] = decides },
            };
        const string Smoke = "arn:aws:lambda:eu-west-1:111122223333:function:smoke";
        _app.Ecs["hello-web"].Lambdas[Smoke] = new(TimeSpan.FromMinutes(1), decides == "CONTINUE");
        return new()
        {
            ["targetType"] = target,
            ["hookTargetArn"] = Smoke,
            ["roleArn"] = "arn:aws:iam::111122223333:role/hook",
            ["lifecycleStages"] = new JsonArray(stage),
        };
    }

    private void Shift(JsonObject web)
    {
        _app.Ecs["hello-web"].Shifts("BLUE_GREEN", bake: 1, web);
        _app.Ecs["hello-api"].Shifts("CANARY", bake: 1);
        _settings = Settings();
        Begin();
    }

    private void Begin()
    {
        _before = (_app.Deployments("web"), _app.Deployments("api"));
        _shares.Clear();
    }

    /// <summary>That of a deployment which began since.</summary>
    private double Share(string service, int before)
    {
        if (_app.Deployments(service) == before || _app.Ecs["hello-" + service].Current is not ShiftedDeployment shifted) return 0;
        var described = new JsonObject { ["targetServiceRevision"] = new JsonObject() };
        shifted.AddDetails(described, _app.Ecs.Virtual.GetUtcNow());
        return described["targetServiceRevision"]!["requestedProductionTrafficWeight"]!.GetValue<double>();
    }

    private string Settings() =>
        $"{_app.Ecs["hello-web"].Configuration.ToJsonString()}\n{_app.Ecs["hello-api"].Configuration.ToJsonString()}";

    /// <summary>It runs everywhere, and the services' settings are as they were.</summary>
    private async Task IsActive(Release release)
    {
        var id = release.Id.ToString();
        Assert.Equal(((ReleaseId?)release.Id, id, id), (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
        Assert.Equal(_settings, Settings());
    }
}
