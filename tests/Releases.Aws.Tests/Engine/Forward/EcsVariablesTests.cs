using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>What <c>${NAME}</c> in a default of convox.yml becomes in a task definition.</summary>
public sealed class EcsVariablesTests
{
    [Fact]
    public async Task What_the_rack_gives_is_in_the_defaults_that_refer_to_it()
    {
        const string Manifest =
            "environment: ['STAGE=dev', 'URL=http://${STAGE}:${PORT}/${RELEASE}', SECRET]\nservices: { web: { port: 8080 } }\n";
        await using var app = await EcsScenario.Start(promoteTheFirst: false, Manifest);
        var promotion = await app.Run(app.V2);
        Assert.True(promotion.Status == PromotionStatus.Succeeded, promotion.Reason);
        var container = Tasks.ATaskRelease.Container(app.Ecs.Definitions.Definition(app.Ecs.Runs("hello-web")!));
        Assert.Contains($"URL=http://dev:8080/{app.V2.Id}", Tasks.ATaskRelease.Entries(container, "environment"));
    }

    [Theory]
    [InlineData("CONVOX_DATA", "environment: ['DB=${CONVOX_DATA}/app.db', SECRET]\nservices: { web: { port: 8080 } }\n",
        "the default of DB of web refers to something that a rack on AWS doesn't provide.")]
    [InlineData("a secret", "environment: ['DB=${SECRET}@host', SECRET]\nservices: { web: { port: 8080 } }\n",
        "the default of DB of web refers to the release's environment and would be readable in its task definition.")]
    public async Task What_it_does_not_give_or_may_not_be_seen_is_refused_before_anything_is_touched(string what,
        string manifest, string message)
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest);
        var promotion = await app.Run(app.V2);
        Assert.Equal((what, PromotionStatus.Failed), (what, promotion.Status));
        Assert.Contains(message, promotion.Findings.Select(f => f.Message));
        Assert.DoesNotContain(app.Ecs.Calls, c => c is "RegisterTaskDefinition" or "UpdateService");
    }
}
