using System.Text.Json.Nodes;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>
/// A rollback that doesn't finish leaves the service's guards off, so that ECS doesn't return to the failed release. The next promotion
/// that finishes turns them on again.
/// </summary>
public sealed class OwedConfigurationTests : IAsyncLifetime
{
    private EcsScenario _app = null!;

    private SimulatedEcsService Web => _app.Ecs["hello-web"];

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task The_next_promotion_turns_the_guards_on_again(bool succeeds, bool merges)
    {
        _app.Ecs.MergesConfiguration = merges;
        GiveAlarms();
        var before = Web.Configuration.DeepClone();
        var stuck = await EndsStuck();
        Assert.False(IsOn("alarms") || IsOn("deploymentCircuitBreaker"), Web.Configuration.ToJsonString());
        Assert.Contains(
            "web runs without what the rollback turned off: the circuit breaker, the alarms web-5xx. "
                + "The next promotion that succeeds or is rolled back turns it on again.",
            stuck.Services[0].Warnings);

        if (!succeeds) _app.Plan("api never healthy");
        var next = await _app.Run(await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", "third")), TimeSpan.FromMinutes(5));
        Assert.True(next.Status == (succeeds ? PromotionStatus.Succeeded : PromotionStatus.Failed), next.Describe("next"));
        Assert.True(JsonNode.DeepEquals(before, Web.Configuration), Web.Configuration.ToJsonString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_strategy_and_a_hook_of_ones_own_are_back_too(bool merges)
    {
        _app.Ecs.MergesConfiguration = merges;
        Web.Shifts("CANARY", 2, Hook());
        var before = Web.Configuration.DeepClone();
        _app.Ecs.Refuse("StopServiceDeployment", "InvalidParameterException");
        var stuck = await EndsStuck();
        Assert.Equal("BLUE_GREEN", Web.Configuration["strategy"]!.GetValue<string>());
        Assert.Contains(stuck.Services[0].Warnings, w => w.Contains(
            "the strategy CANARY, the bake time, the lifecycle hooks.", StringComparison.Ordinal));
        await Succeeds();
        Assert.True(JsonNode.DeepEquals(before, Web.Configuration), Web.Configuration.ToJsonString());
    }

    [Fact]
    public async Task Two_rollbacks_that_do_not_finish_forget_nothing()
    {
        GiveAlarms();
        await EndsStuck();
        await EndsStuck();
        await Succeeds();
        Assert.True(IsOn("alarms"), Web.Configuration.ToJsonString());
    }

    [Fact]
    public async Task A_promotion_that_never_touches_the_service_leaves_the_debt()
    {
        GiveAlarms();
        await EndsStuck();
        _app.Ecs.FailAlways("RegisterTaskDefinition", Fault.Throttled);
        var refused = await _app.Run(_app.V2, EcsScenario.ShortLimit);
        Assert.NotEqual(PromotionStatus.Succeeded, refused.Status);
        _app.Ecs.FailAlways("RegisterTaskDefinition", null);
        await Succeeds();
        Assert.True(IsOn("alarms"), Web.Configuration.ToJsonString());
    }

    [Fact]
    public async Task What_somebody_set_meanwhile_is_the_services_own()
    {
        GiveAlarms();
        await EndsStuck();
        Web.Configuration["alarms"] = new JsonObject { ["alarmNames"] = new JsonArray("other"), ["enable"] = true, ["rollback"] = false };
        await Succeeds();
        Assert.Equal("other", Web.Configuration["alarms"]!["alarmNames"]![0]!.GetValue<string>());
    }

    /// <summary>The version before needs longer than a rollback may take.</summary>
    private async Task<Promotion> EndsStuck()
    {
        var release = await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {Guid.NewGuid()}"));
        _app.Ecs.Behaviors["hello-web"] =
            new([new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(10)), new TaskBehavior.BecomesHealthy(TimeSpan.FromMinutes(30))]);
        _app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(30))]);
        var ended = await _app.Run(release, TimeSpan.FromMinutes(10));
        Assert.True(ended.Status == PromotionStatus.Stuck, ended.Describe("stuck"));
        _app.Ecs.Virtual.Advance(TimeSpan.FromHours(1));
        return ended;
    }

    private async Task Succeeds()
    {
        var ended = await _app.Run(await _app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {Guid.NewGuid()}")));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("next"));
    }

    private void GiveAlarms() => Web.Configuration["alarms"] =
        new JsonObject { ["alarmNames"] = new JsonArray("web-5xx"), ["enable"] = true, ["rollback"] = true };

    private bool IsOn(string guard) => Web.Configuration[guard]?["enable"]?.GetValue<bool>() ?? false;

    private static JsonObject Hook() => new()
    {
        ["hookTargetArn"] = "arn:aws:lambda:eu-west-1:111122223333:function:smoke",
        ["roleArn"] = "arn:aws:iam::111122223333:role/hooks",
        ["lifecycleStages"] = new JsonArray("POST_PRODUCTION_TRAFFIC_SHIFT"),
    };
}
