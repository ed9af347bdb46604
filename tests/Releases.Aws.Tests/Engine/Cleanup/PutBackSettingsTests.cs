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
}
