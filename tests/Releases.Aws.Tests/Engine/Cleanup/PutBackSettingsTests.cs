using System.Text.Json.Nodes;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>What a promotion leaves in the settings of a service that isn't rolled back.</summary>
public sealed class PutBackSettingsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_cleans_up_after_a_promotion_removes_its_own_hook_and_never_that_of_the_next_one(bool isOwn)
    {
        await using var app = await EcsScenario.Start();
        var web = app.Ecs["hello-web"];
        web.Shifts("BLUE_GREEN", bake: 1);
        app.Ecs["hello-api"].Shifts("CANARY", bake: 1);
        Promotion? paused = null;
        app.Records = SuspendingStore.Around(app.World.Store, promotion =>
        {
            if (PauseHook.IsIn(web.Configuration)) paused ??= promotion;
            return Task.CompletedTask;
        });
        await app.Run(app.V2);
        var (mine, next) = (Rollout(paused!.Id), Rollout(PromotionId.New()));
        PauseHook.Add(web.Configuration, LifecycleStage.ScaledUp, isOwn ? mine : next);
        var journal = new MemoryJournal();
        await journal.Write(paused.Services.Single(s => s.Service == A.Web).Engine!.Value, Cancel);
        await app.World.Driver.Conclude(
            [new(mine, EcsWorld.Spec("web"), journal)], paused with { Status = PromotionStatus.Stuck }, isLast: false, Cancel);
        Assert.Equal(!isOwn, PauseHook.IsIn(web.Configuration));

        Rollout Rollout(PromotionId id) => new(App.New(A.App, A.Event()), app.V2, id, []) { Limit = TimeSpan.FromHours(1) };
    }

    /// <summary>An empty service is sent no steps, and has its own again unless somebody has set others.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_cleans_up_gives_an_empty_service_its_own_settings_not_those_of_the_failed_release(bool isChanged)
    {
        await using var app = await EcsScenario.Start();
        var web = app.Ecs["hello-web"];
        web.Shifts("CANARY", bake: 5);
        web.Desired = 0;
        var before = web.Configuration.DeepClone();
        Promotion? sent = null;
        app.Records = SuspendingStore.Around(app.World.Store, promotion =>
        {
            if (web.Configuration["strategy"]!.GetValue<string>() == "BLUE_GREEN") sent ??= promotion;
            return Task.CompletedTask;
        });
        var spec = EcsWorld.Spec("web");
        spec = spec with { Service = spec.Service with { Stated = spec.Service.Stated.Append("deployment.minimum").ToHashSet() } };
        var ended = await app.Run(await app.AddRelease(
            EcsScenario.TwoServices.Replace("port: 8080", "port: 8080\n    deployment: { minimum: 50 }", StringComparison.Ordinal),
            ("SECRET", "third")));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("sent"));
        var notes = sent!.Services.Single(s => s.Service == A.Web).Engine!.Value;
        web.Configuration = (JsonObject)before.DeepClone();
        (web.Configuration["strategy"], web.Configuration["bakeTimeInMinutes"]) = ("BLUE_GREEN", isChanged ? 3 : 0);
        web.Configuration["minimumHealthyPercent"] = spec.Service.Deployment.Minimum;
        web.Configuration.Remove("canaryConfiguration");
        var changed = web.Configuration.DeepClone();
        var journal = new MemoryJournal();
        await journal.Write(notes, Cancel);
        await app.World.Driver.Conclude(
            [new(new(App.New(A.App, A.Event()), app.V2, sent.Id, []), spec, journal)], sent with { Status = PromotionStatus.Stuck },
            isLast: false, Cancel);
        Assert.True(JsonNode.DeepEquals(isChanged ? changed : before, web.Configuration), web.Configuration.ToJsonString());
    }
}
