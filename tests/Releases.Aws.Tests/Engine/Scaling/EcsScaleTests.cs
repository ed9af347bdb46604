using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed class EcsScaleTests
{
    [Fact]
    public async Task A_count_is_set_at_once_and_once_also_when_answers_are_lost()
    {
        await using var app = await EcsScenario.Start();
        var deployments = app.Ecs["hello-web"].Deployments.Count;
        await Scale(app, 5);
        app.Ecs.FailNext("UpdateService", Fault.ResponseLost, Fault.ConnectionLost, Fault.Throttled);
        await app.World.ApplyScale(A.Web);
        Assert.Equal((5, 2), (app.Ecs["hello-web"].Desired, app.Ecs["hello-api"].Desired));
        Assert.Equal(deployments, app.Ecs["hello-web"].Deployments.Count);

        app.Ecs.Calls.Clear();
        await app.World.ApplyScale(A.Web);
        Assert.DoesNotContain("UpdateService", app.Ecs.Calls);

        var promoted = await app.Run(app.V2);
        Assert.True(promoted.Status == PromotionStatus.Succeeded, promoted.Reason);
        Assert.Equal(5, app.Ecs["hello-web"].Desired);
        await Scale(app, null);
        await app.World.ApplyScale(A.Web);
        Assert.Equal(5, app.Ecs["hello-web"].Desired);
    }

    [Fact]
    public async Task A_count_that_was_raised_while_a_promotion_ran_is_not_lowered_by_its_end()
    {
        await using var app = await EcsScenario.Start();
        await Scale(app, 2);
        var isScaled = false;
        app.Records = SuspendingStore.Around(app.World.Store, async promotion =>
        {
            if (isScaled || promotion.Services.Count == 0) return;
            isScaled = true;
            await Scale(app, 5);
            await app.World.ApplyScale(A.Web);
        });
        var promoted = await app.Run(app.V2);
        Assert.True(promoted.Status == PromotionStatus.Succeeded, promoted.Reason);
        Assert.Equal(5, app.Ecs["hello-web"].Desired);
    }

    [Fact]
    public async Task A_service_that_scales_itself_is_left_alone_and_said_so()
    {
        await using var app = await EcsScenario.Start();
        app.World.Scaling.Targets.Add("service/production/hello-web");
        await Scale(app, 5);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => app.World.ApplyScale(A.Web));
        Assert.StartsWith("Application Auto Scaling manages the count of the ECS service hello-web", refused.Message,
            StringComparison.Ordinal);
        Assert.Equal(2, app.Ecs["hello-web"].Desired);
    }

    /// <summary>
    /// Somebody raised the first by hand, and Application Auto Scaling manages the second; convox.yml states another count of both.
    /// </summary>
    [Fact]
    public async Task Another_service_keeps_its_count_and_cant_make_it_fail()
    {
        var counted = EcsScenario.TwoServices.Replace("    x-aws", "    scale: 2\n    x-aws", StringComparison.Ordinal);
        await using var app = await EcsScenario.Start(
            manifest: counted + "\n  worker: { build: Worker, x-aws: { container: web } }\n");
        app.World.Scaling.Targets.Add("service/production/hello-api");
        (app.Ecs["hello-web"].Desired, app.Ecs["hello-api"].Desired) = (20, 5);
        var worker = ServiceName.Parse("worker");
        await app.World.Store.ChangeApp(
            A.App, a => a.Scaled(worker, 3), A.Event(EventKind.Scaled), TestContext.Current.CancellationToken);
        await app.World.ApplyScale(worker);
        Assert.Equal((20, 5, 3), (app.Ecs["hello-web"].Desired, app.Ecs["hello-api"].Desired, app.Ecs["hello-worker"].Desired));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_that_a_release_dropped_gets_its_tasks_back_when_it_returns(bool scalesItself)
    {
        await using var app = await EcsScenario.Start();
        if (scalesItself) app.World.Scaling.Targets.Add("service/production/hello-api");
        var without = EcsScenario.TwoServices[..EcsScenario.TwoServices.IndexOf("  api:", StringComparison.Ordinal)];
        await Succeeds(await app.AddRelease(without, ("SECRET", "third secret")));
        Assert.Equal(0, app.Ecs["hello-api"].Desired);

        await Succeeds(await app.AddRelease(EcsScenario.TwoServices, ("SECRET", "fourth secret")));
        Assert.Equal(2, app.Ecs["hello-api"].Desired);

        async Task Succeeds(Release release)
        {
            var ended = await app.Run(release);
            Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("dropped"));
        }
    }

    [Fact]
    public async Task Nothing_is_promoted_to_0_tasks_unless_that_is_meant_and_then_it_is_said_to_be_unverified()
    {
        await using var app = await EcsScenario.Start();
        foreach (var service in (string[])["hello-web", "hello-api"]) app.Ecs[service].Desired = 0;
        var refused = await app.Run(app.V2);
        Assert.Equal((PromotionStatus.Failed, ProblemCode.Nothing), (refused.Status, Assert.Single(refused.Findings).Code));
        Assert.Equal($"every service of hello would have 0 processes, so none could verify {app.V2.Label}.", refused.Reason);
        Assert.Equal(app.V1.Id, await app.Active());

        var asked = new PromotionRequest(PromotionId.New(), A.App, app.V2.Id, A.Person) { AllowEmpty = true };
        var meant = await app.Driver.Drive((await app.Beginning.Run(asked, "a test", TestContext.Current.CancellationToken)).Held!,
            TestContext.Current.CancellationToken);
        Assert.True(meant.Status == PromotionStatus.Succeeded, meant.Reason);
        Assert.All(meant.Services, s => Assert.Equal("0 processes, not verified", s.Reason));
        Assert.Equal(app.V2.Id, await app.Active());
    }

    [Theory]
    [InlineData(true, PromotionStatus.Failed)]
    [InlineData(false, PromotionStatus.Succeeded)]
    public async Task What_somebody_scales_to_0_during_the_rollout_verifies_nothing(bool both, PromotionStatus status)
    {
        await using var app = await EcsScenario.Start();
        string[] scaled = both ? ["hello-web", "hello-api"] : ["hello-api"];
        app.Ecs.Calls.Clear();
        app.Ecs.OnRequest = operation =>
        {
            if (operation != "DescribeServiceDeployments" || app.Ecs.Calls.Count(c => c == "UpdateService") < 2) return;
            foreach (var service in scaled) app.Ecs[service].Desired = 0;
        };

        var ended = await app.Run(app.V2);

        Assert.True(ended.Status == status, ended.Reason);
        Assert.Equal(both ? app.V1.Id : app.V2.Id, await app.Active());
        if (both) Assert.Equal("every service was scaled to 0 during the rollout, so no process could verify the release.", ended.Reason);
    }

    [Fact]
    public async Task A_plan_has_the_count_and_the_limits_that_would_be_sent()
    {
        await using var app = await EcsScenario.Start();
        var (leaves, states) = (EcsWorld.Spec("web"), EcsWorld.Spec("api"));
        states = states with
        {
            Service = states.Service with
            {
                Stated = new HashSet<string>
            { "deployment.minimum", "deployment.maximum", "scale.count" },
                Deployment = new() { Minimum = 0, Maximum = 150 }
            }
        };
        var record = await app.World.Store.RequireApp(A.App, TestContext.Current.CancellationToken);
        var planned = await app.World.Composition.Preview().Read(
            new(record, app.V2, PromotionId.New(), [leaves, states]), TestContext.Current.CancellationToken);
        Assert.Equal((new PlannedRollout(2, 100, 200), new PlannedRollout(1, 0, 150)),
            (planned.Services[A.Web], planned.Services[ServiceName.Parse("api")]));
    }

    private static Task<App> Scale(EcsScenario app, int? count) =>
        app.World.Store.ChangeApp(A.App, a => a.Scaled(A.Web, count), A.Event(EventKind.Scaled), TestContext.Current.CancellationToken);
}
