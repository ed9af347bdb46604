using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>A promotion begins on what it was decided by, also if that changes at the last moment.</summary>
public sealed class BeginPromotionTests
{
    [Fact]
    public async Task It_does_not_begin_once_the_app_is_locked()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        AtTheLastMoment(scenario, store =>
            store.ChangeApp(scenario.App, a => a with { Hold = new("bob", scenario.Time.GetUtcNow(), "a migration") },
                scenario.By(EventKind.AppLocked)));

        var refused = await Assert.ThrowsAsync<ProblemException>(() => scenario.Begin(scenario.V2));

        Assert.True(refused.Is(ProblemCode.AppLocked));
        Assert.Null(await scenario.Store.FindLock(scenario.App));
    }

    [Fact]
    public async Task One_that_expects_that_no_release_is_active_is_refused_once_one_is()
    {
        var scenario = await PromoteScenario.WithTwoReleases(promoteTheFirst: false);
        AtTheLastMoment(scenario, store => store.Promoted(scenario.V1));
        var request = new PromotionRequest(PromotionId.New(), scenario.App, scenario.V2.Id, "anna") { ExpectsNone = true };

        var refused = await Assert.ThrowsAsync<ProblemException>(() => scenario.Beginning.Run(request, "driver", CancellationToken.None));

        Assert.Equal(
            (ProblemCode.ChooseBase, $"{scenario.V1.Label} is active in hello, where none was before. Nothing changed."),
            (refused.Problems[0].Code, refused.Problems[0].Text));
    }

    [Fact]
    public async Task One_that_expects_nothing_replaces_what_became_active()
    {
        var scenario = await PromoteScenario.WithTwoReleases(promoteTheFirst: false);
        AtTheLastMoment(scenario, store => store.Promoted(scenario.V1));
        var held = await scenario.Begin(scenario.V2);
        Assert.Equal(scenario.V1.Id, (await scenario.Store.FindPromotion(scenario.App, held.Promotion))!.Previous);
    }

    /// <summary>Somebody changes something once everything was read.</summary>
    private static void AtTheLastMoment(PromoteScenario scenario, Func<IReleaseStore, Task> change)
    {
        var (store, isChanged) = ((InMemoryReleaseStore)scenario.Store, false);
        scenario.Store = InterferedStore.Of(store, (method, _, call) =>
        {
            if (method.Name != nameof(IReleaseStore.BeginPromotion) || isChanged) return call();
            isChanged = true;
            change(store).GetAwaiter().GetResult();
            return call();
        });
    }
}
