using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

public sealed class ReleasePlanTests
{
    [Fact]
    public async Task Its_services_mask_the_secrets_of_the_releases_environment()
    {
        var scenario = PromoteScenario.New();
        await scenario.Store.CreateApp(scenario.App, scenario.By(EventKind.AppCreated));
        var release = await scenario.AddRelease(
            "services: { web: { build: Web, health: \"/health?key=${HEALTH_KEY}\" } }", environment:
            EnvironmentSet.Of([new("HEALTH_KEY", "correct-horse-battery")]));

        var plan = await new ReleasePlanReader(scenario.Store, scenario.Vault, "local")
            .Read((await scenario.Store.FindApp(scenario.App))!, release, TestContext.Current.CancellationToken);

        var web = Assert.Single(plan.Services);
        Assert.Equal("/health?key=correct-horse-battery", web.Service.Health.Path);
        Assert.Equal("/health?key=****", web.Redactor.Redact(web.Service.Health.Path!));
    }

    /// <summary>Else its promotion would never end, and a rollback doesn't need the plan.</summary>
    [Fact]
    public async Task A_rollout_whose_manifest_is_damaged_meanwhile_rolls_back_and_names_it()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await scenario.Begin(scenario.V2);
        scenario.Engine.Waiting = _ => throw new KilledException("a wait");
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));
        scenario.Engine.Waiting = _ => Task.CompletedTask;
        scenario.Store = InterferedStore.Of((InMemoryReleaseStore)scenario.Store, (method, _, call) =>
            method.Name == nameof(IReleaseStore.ReadManifest)
                ? throw new Problem(ProblemCode.DamagedStore, "the manifest is damaged.").ToException() : call());

        var ended = await scenario.Driver.Drive(held, CancellationToken.None);

        Assert.Equal((PromotionStatus.Failed, "the manifest is damaged."), (ended.Status, ended.Reason));
        Assert.All(["web", "worker"], s => Assert.Equal(scenario.FirstPromotion, scenario.Engine.Runs(s)));
    }
}
