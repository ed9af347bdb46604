using Xunit;

namespace Releases.Tests.Promotions;

public sealed class ImageServiceTests
{
    [Fact]
    public async Task An_image_that_refers_to_the_environment_is_resolved_by_the_plan()
    {
        var scenario = PromoteScenario.New();
        await scenario.Store.CreateApp(scenario.App, scenario.By(EventKind.AppCreated));
        var environment = EnvironmentSet.Of([new("REDIS", "redis@sha256:1")]);
        var release = await scenario.AddRelease("services: { web: { build: Web }, cache: { image: \"${REDIS}\" } }",
            without: ["cache"], environment);

        var plan = await new ReleasePlanReader(scenario.Store, scenario.Vault, "local")
            .Read((await scenario.Store.FindApp(scenario.App))!, release, TestContext.Current.CancellationToken);

        Assert.Empty(plan.Problems);
        Assert.Equal(["redis@sha256:1"], plan.Services.Select(s => s.Content.Artifact!.Reference).OfType<string>());
    }
}
