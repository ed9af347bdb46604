using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>
/// CloudFormation names only a service's family, of which ECS takes the newest active revision. So that has to be the service's own,
/// whenever a promotion has ended, and nothing is changed after that.
/// </summary>
public sealed class FailedTaskDefinitionTests
{
    private static readonly string[] Changes =
        ["RegisterTaskDefinition", "DeregisterTaskDefinition", "UpdateService", "StopServiceDeployment", "ContinueServiceDeployment"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fails late", null)]
    [InlineData("fails late", "RegisterTaskDefinition")]
    [InlineData("fails late", "DeregisterTaskDefinition")]
    [InlineData("fails", "UpdateService")]
    public async Task Whenever_the_driver_dies_the_newest_revision_is_what_runs_once_the_promotion_has_ended(
        string plan, string? answersLost)
    {
        await using var app = await EcsScenario.Start();
        app.BecomeHealthySoon();
        var moments = await Run(int.MaxValue);
        for (var at = 1; at <= moments; at++) await Run(at);

        async Task<int> Run(int dieAt)
        {
            var next = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {dieAt}"));
            app.Plan(plan);
            var (dying, moments) = DyingStore.Around(app.World.Store, dieAt);
            app.Records = dying;
            if (answersLost is not null) app.Ecs.FailNext(answersLost, Fault.ResponseLost);
            var held = await app.Begin(next, EcsScenario.ShortLimit);
            var died = await Record.ExceptionAsync(() => app.Driver.Drive(held, Cancel));
            if (died is not null) Assert.IsType<DriverDiedException>(died);
            var ended = await app.TakeOver(held, TimeSpan.FromSeconds(12));
            Assert.True(ended.Status == PromotionStatus.Failed, ended.Describe($"at {dieAt}"));
            foreach (var service in (string[])["web", "api"])
                Assert.True(Newest(app, service) == app.Ecs.Runs("hello-" + service), ended.Describe($"{service} at {dieAt}"));
            return moments.Moments;
        }
    }

    [Theory]
    [InlineData("succeeds")]
    [InlineData("fails late")]
    public async Task Nothing_is_changed_once_the_lock_is_free(string plan)
    {
        await using var app = await EcsScenario.Start();
        app.Plan(plan);
        var without = EcsScenario.TwoServices[..EcsScenario.TwoServices.IndexOf("  api:", StringComparison.Ordinal)];
        if (plan == "succeeds") await app.World.Store.ChangeApp(A.App, a => a.Scaled(A.Web, 1), A.Event(EventKind.Scaled), Cancel);
        var (early, late) = (new SharedList<string>(), new SharedList<string>());
        var isFree = false;
        app.Records = SuspendingStore.Around(app.World.Store, _ => Task.CompletedTask, () => isFree = true);
        app.Ecs.OnRequest = operation => (isFree ? late : early).Add(operation);
        var ended = await app.Run(plan == "succeeds" ? await app.AddRelease(without, ("SECRET", "x")) : app.V2);
        Assert.Equal(plan == "succeeds", ended.Status == PromotionStatus.Succeeded);
        Assert.Contains(plan == "succeeds" ? "UpdateService" : "DeregisterTaskDefinition", early);
        Assert.Empty(late.Intersect(Changes));
        if (plan == "succeeds") Assert.Equal((1, 0), (app.Ecs["hello-web"].Desired, app.Ecs["hello-api"].Desired));
    }

    /// <summary>The service that is rolled back isn't left with it because another one is stuck.</summary>
    [Fact]
    public async Task It_is_deregistered_also_where_another_service_is_stuck()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.NeverHealthy()]);
        app.Ecs.OnRequest = _ =>
        {
            if (app.Ecs["hello-api"].Deployments.Count == 3 && app.Ecs["hello-web"].Deployments.Count == 3)
                app.Ecs.Add("hello-api", app.Bootstrap["api"], 2,
                    [new System.Text.Json.Nodes.JsonObject { ["key"] = "convox:app", ["value"] = "hello" }]);
        };
        var ended = await app.Run(app.V2, EcsScenario.ShortLimit);
        Assert.True(ended.Status == PromotionStatus.Stuck, ended.Describe("stuck"));
        Assert.Equal(ServiceStatus.RolledBack, ended.Services.Single(s => s.Service == A.Web).Status);
        Assert.Equal(app.Ecs.Runs("hello-web"), Newest(app, "web"));
    }

    /// <summary>The first one isn't listed yet when it is searched for, so a second one is registered.</summary>
    [Fact]
    public async Task One_whose_response_was_lost_is_deregistered_beside_the_one_that_was_registered_again()
    {
        await using var app = await EcsScenario.Start();
        app.Plan("fails");
        app.Ecs.LaggingReads = 3;
        app.Ecs.FailNext("RegisterTaskDefinition", Fault.ResponseLost);
        var ended = await app.Run(app.V2);
        Assert.True(ended.Status == PromotionStatus.Failed, ended.Describe("failed"));
        Assert.Equal(4, app.Ecs.Calls.Count(c => c == "RegisterTaskDefinition") - 1);
        Assert.Equal((app.Ecs.Runs("hello-web"), app.Ecs.Runs("hello-api")), (Newest(app, "web"), Newest(app, "api")));
        Assert.Equal(app.V1.Id.ToString(), app.Runs("web"));
    }

    [Fact]
    public async Task If_it_cannot_be_deregistered_the_record_names_it_and_the_command()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
        app.Ecs.Refuse("DeregisterTaskDefinition", "AccessDeniedException");
        var ended = await app.Run(app.V2);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        var warning = Assert.Single(ended.Services[0].Warnings, w => w.Contains("hello-web", StringComparison.Ordinal));
        Assert.Contains("an update of the app's stack would deploy it", warning, StringComparison.Ordinal);
        Assert.Contains("aws ecs deregister-task-definition --task-definition production-hello-web-convox:2", warning,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_somebody_deleted_meanwhile_is_gone_as_it_should_be()
    {
        await using var app = await EcsScenario.Start();
        app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
        app.Ecs.OnRequest = operation =>
        {
            if (operation != "DeregisterTaskDefinition" || Newest(app, "web") == app.Ecs.Runs("hello-web")) return;
            var failed = Newest(app, "web");
            app.Ecs.Definitions.Deregister(new() { ["taskDefinition"] = failed });
            app.Ecs.Definitions.Delete(failed);
        };
        var ended = await app.Run(app.V2);
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.All(ended.Services, s => Assert.Empty(s.Warnings));
        Assert.Equal(app.Ecs.Runs("hello-web"), Newest(app, "web"));
    }

    private static string Newest(EcsScenario app, string service) =>
        app.Ecs.Definitions.Active($"production-hello-{service}-convox").Last();
}
