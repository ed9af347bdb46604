using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>The driver dies before and after every write of its journal, with answers lost or not; another process continues.</summary>
public sealed class EcsTakeOverTests(DynamoDbLocal dynamo)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("succeeds", null)]
    [InlineData("succeeds", "RegisterTaskDefinition")]
    [InlineData("succeeds", "UpdateService")]
    [InlineData("fails", null)]
    [InlineData("fails late", null)]
    [InlineData("fails late", "UpdateService")]
    [InlineData("succeeds", null, true)]
    [InlineData("fails late", "UpdateService", true)]
    public async Task Whenever_it_dies_the_promotion_comes_to_the_same_end_and_no_step_has_two_effects(string outcome,
        string? answersLost, bool inDynamo = false)
    {
        await using var app = await EcsScenario.Start(dynamo: inDynamo ? dynamo : null);
        app.BecomeHealthySoon();
        var moments = await Run(app, outcome, answersLost, int.MaxValue);
        Assert.True(moments > 15, $"Only {moments} moments were seen.");
        for (var at = 1; at <= moments; at++) await Run(app, outcome, answersLost, at);
    }

    [Fact]
    public async Task A_driver_that_comes_back_late_changes_nothing_any_more()
    {
        await using var app = await EcsScenario.Start(dynamo: dynamo);
        var late = await app.Begin(app.V2);
        var lateDriver = app.Driver;
        Assert.NotNull(await app.World.Store.TakeOver(late, "successor", A.Event(EventKind.PromotionTakenOver), Cancel));
        app.Ecs.Calls.Clear();
        var fenced = await Assert.ThrowsAsync<ProblemException>(() => lateDriver.Drive(late, Cancel));
        Assert.True(fenced.Is(ProblemCode.Fenced));
        Assert.DoesNotContain("RegisterTaskDefinition", app.Ecs.Calls);
        Assert.DoesNotContain("UpdateService", app.Ecs.Calls);
    }

    [Fact]
    public async Task A_driver_that_was_suspended_between_writing_and_sending_writes_again_and_is_fenced_off()
    {
        await using var app = await EcsScenario.Start(dynamo: dynamo);
        var held = await app.Begin(app.V2);
        var suspended = false;
        app.Records = SuspendingStore.Around(app.World.Store, async promotion =>
        {
            if (suspended || promotion.Services.Count == 0 || promotion.Services[0].Engine is not { } notes
                || !notes.TryGetProperty("forward", out _)) return;
            suspended = true;
            app.Ecs.Virtual.Advance(TimeSpan.FromMinutes(1));
            Assert.NotNull(await app.TakeLock(held));
        });
        var fenced = await Assert.ThrowsAsync<ProblemException>(() => app.Driver.Drive(held, Cancel));
        Assert.True(suspended && fenced.Is(ProblemCode.Fenced));
        Assert.Equal(0, app.Deployments("web"));
    }

    [Fact]
    public async Task The_first_change_after_a_take_over_waits_until_no_call_of_the_other_can_be_under_way()
    {
        await using var app = await EcsScenario.Start(dynamo: dynamo);
        var held = await app.Begin(app.V2);
        app.World.Renew().TakenOver();
        var from = app.Ecs.Virtual.GetUtcNow();
        DateTimeOffset? changed = null;
        app.Ecs.OnRequest = operation =>
            changed ??= operation is "RegisterTaskDefinition" or "UpdateService" ? app.Ecs.Virtual.GetUtcNow() : null;
        await app.Driver.Drive(held, Cancel);
        Assert.InRange(changed!.Value - from, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20));
    }

    private static async Task<int> Run(EcsScenario app, string outcome, string? answersLost, int dieAt)
    {
        var before = (await app.Active())!.Value;
        var next = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {dieAt}"));
        app.Plan(outcome);
        var deployments = (Web: app.Deployments("web"), Api: app.Deployments("api"));
        if (answersLost is not null) app.Ecs.FailAlways(answersLost, Fault.ResponseLost);

        var held = await app.Begin(next);
        var (dying, moments) = DyingStore.Around(app.World.Store, dieAt);
        app.Records = dying;
        var died = await Record.ExceptionAsync(() => app.Driver.Drive(held, Cancel));
        if (answersLost is not null) app.Ecs.FailAlways(answersLost, null);
        if (died is not null) Assert.IsType<DriverDiedException>(died);
        var ended = await app.TakeOver(held, TimeSpan.FromSeconds(12));
        var (status, active) = outcome == "succeeds" ? (PromotionStatus.Succeeded, next.Id) : (PromotionStatus.Failed, before);
        Assert.True(status == ended.Status, ended.Describe($"at {dieAt}"));
        Assert.Equal(active, await app.Active());
        Assert.Equal((active.ToString(), active.ToString()), (app.Runs("web"), app.Runs("api")));
        Assert.InRange(app.Deployments("web") - deployments.Web, 0, outcome == "fails late" ? 2 : 1);
        Assert.InRange(app.Deployments("api") - deployments.Api, 0, outcome == "fails" ? 2 : 1);
        return moments.Moments;
    }
}
