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
}
