using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>A promotion over a deployment of a service that is somebody else's, or stuck.</summary>
public sealed class EcsSupersedeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_supersede_it_is_refused_and_named()
    {
        await using var app = await EcsScenario.Start();
        Deploys(app, "web");
        var ended = await app.Run(app.V2);
        var (code, text) = EcsScenario.Output(ended);
        Assert.Equal((PromotionStatus.Failed, 3), (ended.Status, code));
        Assert.Contains("is being deployed right now", text, StringComparison.Ordinal);
        Assert.Contains("--supersede", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_takes_its_place_and_is_put_on_the_base_of_before()
    {
        await using var app = await EcsScenario.Start();
        var theirs = Deploys(app, "web");
        var ended = await Supersede(app, app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("supersede"));
        Assert.Equal((app.V2.Id.ToString(), app.V2.Id.ToString()), (app.Runs("web"), app.Runs("api")));
        var ours = app.Ecs.Definitions.Definition(app.Ecs.Runs("hello-web")!);
        Assert.DoesNotContain("THEIRS", ours.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual(theirs, app.Ecs.Runs("hello-web"));
    }

    [Theory]
    [InlineData("fails")]
    [InlineData("never healthy")]
    [InlineData("fails late")]
    public async Task One_that_fails_goes_to_what_was_completed_last_and_never_to_what_it_superseded(string outcome)
    {
        await using var app = await EcsScenario.Start();
        Deploys(app, "web");
        app.Plan(outcome);
        var ended = await Supersede(app, app.V2);
        Assert.True(ended.Status == PromotionStatus.Failed, ended.Describe(outcome));
        Assert.Equal((app.V1.Id.ToString(), app.V1.Id.ToString()), (app.Runs("web"), app.Runs("api")));
        Assert.Equal(app.V1.Id, await app.Active());
    }

    [Fact]
    public async Task Whenever_the_driver_dies_the_end_is_the_same()
    {
        await using var app = await EcsScenario.Start();
        app.BecomeHealthySoon();
        var moments = await Run(app, int.MaxValue);
        Assert.True(moments > 10, $"Only {moments} moments were seen.");
        for (var at = 1; at <= moments; at += 3) await Run(app, at);

        static async Task<int> Run(EcsScenario app, int dieAt)
        {
            var next = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {dieAt}"));
            app.Plan("fails late");
            var before = (await app.Active())!.Value.ToString();
            Deploys(app, "web");
            var held = await Begin(app, next);
            var (dying, moments) = DyingStore.Around(app.World.Store, dieAt);
            app.Records = dying;
            var died = await Record.ExceptionAsync(() => app.Driver.Drive(held, Cancel));
            if (died is not null) Assert.IsType<DriverDiedException>(died);
            var ended = await app.TakeOver(held, TimeSpan.FromSeconds(12));
            Assert.True(ended.Status == PromotionStatus.Failed, ended.Describe($"at {dieAt}"));
            Assert.Equal((before, before), (app.Runs("web"), app.Runs("api")));
            return moments.Moments;
        }
    }

    [Fact]
    public async Task Where_nobody_knows_what_was_completed_last_it_is_refused()
    {
        await using var app = await EcsScenario.Start();
        Deploys(app, "web");
        app.Ecs.ListsNoServiceDeployments = true;
        var ended = await Supersede(app, app.V2);
        Assert.Contains("there would be no way back", EcsScenario.Output(ended).Text, StringComparison.Ordinal);
        Assert.Equal(0, app.Deployments("api"));
    }

    /// <summary>Somebody deploys something of their own, which never becomes healthy.</summary>
    private static string Deploys(EcsScenario app, string service)
    {
        var definition = EcsWorld.Bootstrap();
        definition["family"] = "theirs";
        definition["containerDefinitions"]![0]!["environment"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
        { ["name"] = "THEIRS", ["value"] = "1" });
        var arn = app.Ecs.Definitions.Add(definition);
        app.Ecs[$"hello-{service}"].Begin(arn, new TaskBehavior.NeverHealthy(), app.Ecs.Virtual.GetUtcNow());
        return arn;
    }

    private static async Task<PromotionLock> Begin(EcsScenario app, Release release) =>
        (await app.Beginning.Run(new(PromotionId.New(), A.App, release.Id, A.Person) { Supersede = true }, "a test", Cancel)).Held!;

    private static async Task<Promotion> Supersede(EcsScenario app, Release release) =>
        await app.Driver.Drive(await Begin(app, release), Cancel);
}
