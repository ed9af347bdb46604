using System.Text.Json.Nodes;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>
/// What a release added to the settings of its ECS service doesn't stay after a rollback, whether ECS replaces or merges its deployment
/// configuration.
/// </summary>
public sealed class RestoredConfigurationTests : IAsyncLifetime
{
    private EcsScenario _app = null!;

    private SimulatedEcsService Web => _app.Ecs["hello-web"];

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Alarms_are_off_while_the_version_before_is_deployed_and_afterwards(bool merges)
    {
        _app.Ecs.MergesConfiguration = merges;
        var release = await _app.AddRelease(Stating(null), ("SECRET", "third secret"));
        var (forward, back) = await Fails(release, "fails late", rolledBackAt: 4);
        Assert.True(IsOn(forward["alarms"]), "the alarms of the release were on");
        Assert.False(IsOn(back["alarms"]), back.ToJsonString());
        Assert.False(IsOn(back["deploymentCircuitBreaker"]), back.ToJsonString());
        Assert.False(IsOn(Web.Configuration["alarms"]), Web.Configuration.ToJsonString());
        Assert.True(IsOn(Web.Configuration["deploymentCircuitBreaker"]), Web.Configuration.ToJsonString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_strategy_the_bake_and_our_hook_are_gone(bool merges)
    {
        _app.Ecs.MergesConfiguration = merges;
        var before = (JsonObject)Web.Configuration.DeepClone();
        Web.Shifts("BLUE_GREEN");
        Web.Configuration = before;
        var release = await _app.AddRelease(
            Stating("{ strategy: canary, percent: 20, interval: 60s, bake: 2m }"), ("SECRET", "third secret"));
        var (forward, _) = await Fails(release, "api never healthy", rolledBackAt: 3);
        Assert.Equal(("CANARY", 2), (forward["strategy"]!.GetValue<string>(), forward["bakeTimeInMinutes"]!.GetValue<int>()));
        Assert.True(PauseHook.IsIn((JsonObject)forward), forward.ToJsonString());
        Assert.Equal(("ROLLING", 0, 0, false),
            (Web.Configuration["strategy"]!.GetValue<string>(), Web.Configuration["bakeTimeInMinutes"]?.GetValue<int>() ?? 0,
                (Web.Configuration["lifecycleHooks"] as JsonArray)?.Count ?? 0, IsOn(Web.Configuration["alarms"])));
    }

    /// <summary>The settings of web with the release, and once it has a number of deployments and the promotion has failed.</summary>
    private async Task<(JsonNode Forward, JsonNode Back)> Fails(Release release, string plan, int rolledBackAt)
    {
        _app.Plan(plan);
        JsonNode? forward = null, back = null;
        _app.Ecs.OnRequest = _ =>
        {
            if (Web.Deployments.Count == 3) forward ??= Web.Configuration.DeepClone();
            if (Web.Deployments.Count == rolledBackAt) back ??= Web.Configuration.DeepClone();
        };
        var ended = await _app.Run(release, TimeSpan.FromMinutes(5));
        _app.Ecs.OnRequest = _ => { };
        Assert.True(ended.Status == PromotionStatus.Failed, ended.Describe(plan));
        Assert.Equal((_app.V1.Id.ToString(), _app.V1.Id.ToString(), rolledBackAt),
            (_app.Runs("web"), _app.Runs("api"), Web.Deployments.Count));
        return (forward!, back!);
    }

    private static bool IsOn(JsonNode? setting) => setting?["enable"]?.GetValue<bool>() ?? false;

    private static string Stating(string? deployment) => EcsScenario.TwoServices.Replace(
        "port: 8080\n    x-aws: { container: web }",
        $"port: 8080\n    {(deployment is null ? "" : $"deployment: {deployment}\n    ")}x-aws: {{ container: web, alarms: [web-5xx] }}",
        StringComparison.Ordinal);
}
