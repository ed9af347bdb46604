using System.Text.Json.Nodes;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed class BaseOfCopyTests
{
    private static readonly string Manifest = EcsScenario.TwoServices.Replace(
        "container: web }", "container: web, base: family }", StringComparison.Ordinal);

    /// <summary>Terraform replaces a task definition and deregisters the one that runs, so a rollback returns to a copy of it.</summary>
    [Fact]
    public async Task After_a_rollback_to_a_copy_releases_are_still_based_on_the_newest_of_the_original_family()
    {
        await using var app = await EcsScenario.Start(promoteTheFirst: false, manifest: Manifest);
        Terraform(app, "2");
        app.Ecs.Definitions.Deregister(new() { ["taskDefinition"] = app.Bootstrap["web"] });
        app.Plan("fails late");
        Assert.Equal(PromotionStatus.Failed, (await app.Run(app.V1)).Status);
        var copy = app.Ecs.Runs("hello-web")!;
        Assert.Contains("production-hello-web-convox", copy, StringComparison.Ordinal);
        Assert.Null(Mark(app));

        Terraform(app, "3");
        foreach (var release in (Release[])[app.V1, app.V2])
        {
            var ended = await app.Run(release);
            Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe(release.Id.ToString()));
            Assert.Equal("3", Mark(app));
        }

        Terraform(app, "4");
        Assert.Equal(PromotionStatus.Succeeded, (await app.Run(app.V1)).Status);
        Assert.Equal("4", Mark(app));
    }

    private static void Terraform(EcsScenario app, string mark)
    {
        var definition = EcsWorld.Bootstrap();
        definition["family"] = "bootstrap-web";
        definition["containerDefinitions"]![0]!["environment"] =
            new JsonArray(new JsonObject { ["name"] = "MARK", ["value"] = mark });
        app.Ecs.Definitions.Add(definition);
    }

    private static string? Mark(EcsScenario app) =>
        app.Ecs.Definitions.Definition(app.Ecs.Runs("hello-web")!)["containerDefinitions"]![0]!["environment"]!.AsArray()
            .FirstOrDefault(v => v!["name"]!.GetValue<string>() == "MARK")?["value"]!.GetValue<string>();
}
