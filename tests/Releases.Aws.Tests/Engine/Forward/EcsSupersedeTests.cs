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
    [InlineData("fails", false)]
    [InlineData("never healthy", false)]
    [InlineData("fails late", false)]
    [InlineData("fails", true)]
    [InlineData("never healthy", true)]
    [InlineData("fails late", true)]
    public async Task One_that_fails_goes_to_what_was_completed_last_and_never_to_what_it_superseded(string outcome, bool hasFailed)
    {
        await using var app = await EcsScenario.Start();
        if (hasFailed) FailedToDeploy(app, "web");
        else Deploys(app, "web");
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

    [Fact]
    public async Task A_deployment_that_failed_without_a_rollback_is_not_what_the_service_runs()
    {
        await using var app = await EcsScenario.Start();
        var theirs = FailedToDeploy(app, "web");
        Assert.Equal(app.V1.Id.ToString(), app.Runs("web"));
        var refused = EcsScenario.Output(await app.Run(app.V2));
        Assert.Equal(3, refused.ExitCode);
        var name = theirs[(theirs.LastIndexOf('/') + 1)..];
        Assert.Contains($"hello-web of web has a failed deployment of {name} that wasn't rolled back", refused.Text,
            StringComparison.Ordinal);
        Assert.Contains("--supersede", refused.Text, StringComparison.Ordinal);
        app.Ecs.ListsNoServiceDeployments = true;
        Assert.Contains("there would be no way back", EcsScenario.Output(await Supersede(app, app.V2)).Text, StringComparison.Ordinal);
        app.Ecs.ListsNoServiceDeployments = false;
        Assert.Equal((1, 0), (app.Deployments("web"), app.Deployments("api")));

        var shown = await Shown(app);
        Assert.Equal("web", Assert.Single(shown).Service.ToString());
        var ended = await app.Driver.Drive(await Begin(app, app.V2, shown), Cancel);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("shown"));
        var ours = app.Ecs.Definitions.Definition(app.Ecs.Runs("hello-web")!);
        Assert.DoesNotContain("THEIRS", ours.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_shown_is_superseded_and_what_began_since_is_not()
    {
        await using var app = await EcsScenario.Start();
        Deploys(app, "web");
        var shown = await Shown(app);
        Assert.Equal("web", Assert.Single(shown).Service.ToString());
        Deploys(app, "api");
        var refused = await app.Driver.Drive(await Begin(app, app.V2, shown), Cancel);
        Assert.Equal((PromotionStatus.Failed, 0), (refused.Status, app.Deployments("web") - 1));
        Assert.Contains("a deployment of hello-api began after --supersede had shown what is in flight", EcsScenario.Output(refused).Text,
            StringComparison.Ordinal);
        var ended = await app.Driver.Drive(await Begin(app, app.V2, await Shown(app)), Cancel);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("shown"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_deployment_of_the_same_service_is_not_what_was_shown(bool wasShown)
    {
        await using var app = await EcsScenario.Start();
        var theirs = wasShown ? Deploys(app, "web") : null;
        var shown = await Shown(app);
        app.Ecs["hello-web"].Begin(theirs ?? Deploys(app, "web"), new TaskBehavior.NeverHealthy(), app.Ecs.Virtual.GetUtcNow());
        var refused = await app.Driver.Drive(await Begin(app, app.V2, shown), Cancel);
        Assert.Contains("a deployment of hello-web began after --supersede", EcsScenario.Output(refused).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_completes_meanwhile_does_not_become_the_way_back_unasked()
    {
        await using var app = await EcsScenario.Start();
        var theirs = Deploys(app, "web", new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(5)));
        var shown = await Shown(app);
        app.Ecs.Virtual.Advance(TimeSpan.FromMinutes(5));
        var refused = await app.Driver.Drive(await Begin(app, app.V2, shown), Cancel);
        Assert.Contains("a deployment of hello-web was completed after --supersede had shown what a rollback returns to",
            EcsScenario.Output(refused).Text, StringComparison.Ordinal);
        Assert.Equal(theirs, app.Ecs.Runs("hello-web"));
    }

    [Fact]
    public async Task A_rollback_that_cannot_finish_is_ended_and_a_fix_takes_its_place()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(10)), new TaskBehavior.NeverHealthy()]);
        app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(30))]);
        var held = await app.Begin(app.V2);
        DateTimeOffset? asked = null;
        app.Records = SuspendingStore.Around(app.World.Store, async promotion =>
        {
            if (asked is not null || promotion.Services.All(s => s.Status != ServiceStatus.RolledBack)) return;
            asked = app.Ecs.Virtual.GetUtcNow();
            await app.World.Store.RequestEndOfRollback(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel);
        });
        var ended = await app.Driver.Drive(held, Cancel);
        app.Records = app.World.Store;
        Assert.True(ended.Status == PromotionStatus.Stuck, ended.Describe("ended"));
        Assert.InRange(app.Ecs.Virtual.GetUtcNow() - asked!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(app.V1.Id, await app.Active());

        var fix = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", "fixed"));
        Assert.Contains("is being deployed right now", EcsScenario.Output(await app.Run(fix)).Text, StringComparison.Ordinal);
        app.BecomeHealthySoon();
        var promoted = await Supersede(app, fix);
        Assert.True(promoted.Status == PromotionStatus.Succeeded, promoted.Describe("fix"));
        Assert.Equal((fix.Id.ToString(), fix.Id.ToString()), (app.Runs("web"), app.Runs("api")));
    }

    /// <summary>Somebody deploys something of their own, which never becomes healthy.</summary>
    private static string Deploys(EcsScenario app, string service, TaskBehavior? behavior = null)
    {
        var definition = EcsWorld.Bootstrap();
        definition["family"] = "theirs";
        definition["containerDefinitions"]![0]!["environment"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
        { ["name"] = "THEIRS", ["value"] = "1" });
        var arn = app.Ecs.Definitions.Add(definition);
        app.Ecs[$"hello-{service}"].Begin(arn, behavior ?? new TaskBehavior.NeverHealthy(), app.Ecs.Virtual.GetUtcNow());
        return arn;
    }

    /// <summary>Somebody has deployed something that doesn't start, by a circuit breaker without rollback.</summary>
    private static string FailedToDeploy(EcsScenario app, string service)
    {
        var arn = Deploys(app, service, new TaskBehavior.Fails(TimeSpan.FromSeconds(5)) { IsGivenUp = true });
        app.Ecs.Virtual.Advance(TimeSpan.FromMinutes(30));
        return arn;
    }

    /// <summary>What the command shows, and has confirmed.</summary>
    private static async Task<IReadOnlyList<SupersededDeployment>> Shown(EcsScenario app) =>
    [
        .. (await new InFlightDeployments(app.World.Composition.Ecs).Find(
            await app.World.Store.RequireApp(A.App, Cancel), [EcsWorld.Spec("web"), EcsWorld.Spec("api")], Cancel))
            .Select(i => i.Superseded),
    ];

    private static async Task<PromotionLock> Begin(
        EcsScenario app, Release release, IReadOnlyList<SupersededDeployment>? shown = null) =>
        (await app.Beginning.Run(
            new(PromotionId.New(), A.App, release.Id, A.Person) { Supersede = true, Superseded = shown }, "a test", Cancel)).Held!;

    private static async Task<Promotion> Supersede(EcsScenario app, Release release) =>
        await app.Driver.Drive(await Begin(app, release), Cancel);
}
