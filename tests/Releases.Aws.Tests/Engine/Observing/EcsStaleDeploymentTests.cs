using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>
/// ECS may still name an earlier service deployment as the current one after an update. Its status says nothing about the promotion.
/// </summary>
public sealed class EcsStaleDeploymentTests : IAsyncLifetime
{
    private EcsScenario _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("DescribeServiceRevisions")]
    [InlineData("DescribeServiceDeployments")]
    [InlineData("ListServiceDeployments")]
    public async Task One_that_succeeded_long_ago_holds_nothing_up(string? refused)
    {
        Lags();
        if (refused is not null)
            _app.Ecs.OnRequest = operation =>
            {
                if (operation == "UpdateService") _app.Ecs.Refuse(refused, "AccessDeniedException");
            };
        await Succeeds();
    }

    [Fact]
    public async Task One_that_was_rolled_back_does_not_fail_the_next_promotion()
    {
        Behaves("web", new TaskBehavior.Fails(TimeSpan.FromSeconds(5)));
        Assert.Equal(PromotionStatus.Failed, (await _app.Run(_app.V2)).Status);
        Lags();
        await Succeeds();
    }

    [Theory]
    [InlineData("fails", 1, 1)]
    [InlineData("never healthy", 1, 1)]
    [InlineData("fails late", 2, 1)]
    [InlineData("api never healthy", 2, 1)]
    [InlineData("never healthy", 1, 100)]
    [InlineData("api never healthy", 2, 100)]
    public async Task Everything_is_back_and_nothing_is_stuck(string plan, int deployments, int days)
    {
        Lags(days);
        _app.Plan(plan);
        // The rollback begins when the rollout is older than what is listed as known.
        var ended = await _app.Run(_app.V2, TimeSpan.FromMinutes(15));
        Assert.True(ended.Status == PromotionStatus.Failed, ended.Describe(plan));
        Assert.Equal((_app.V1.Id.ToString(), _app.V1.Id.ToString()), (_app.Runs("web"), _app.Runs("api")));
        Assert.Equal(deployments, _app.Deployments("web"));
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.Zero, TimeSpan.FromMinutes(17));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Services_that_wait_at_a_hook_continue_or_are_stopped(bool approved)
    {
        foreach (var service in (string[])["hello-web", "hello-api"]) _app.Ecs[service].Shifts("BLUE_GREEN", bake: 1);
        Lags();
        var held = await _app.Begin(_app.V2, holdFor: TimeSpan.FromMinutes(30));
        _app.Records = SuspendingStore.Around(_app.World.Store, async promotion =>
        {
            if (!promotion.WaitsForApproval) return;
            if (approved) await _app.World.Store.Approve(A.App, held.Promotion, A.Event(EventKind.PromotionApproved), Cancel);
            else await _app.World.Store.RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested), Cancel);
        });
        var ended = await _app.Driver.Drive(held, Cancel);
        Assert.True(ended.Status == (approved ? PromotionStatus.Succeeded : PromotionStatus.Cancelled), ended.Describe("held"));
        var active = (approved ? _app.V2 : _app.V1).Id.ToString();
        Assert.Equal((active, active, 1), (_app.Runs("web"), _app.Runs("api"), _app.Deployments("web")));
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }

    /// <summary>What the services run was deployed long ago, and the answers after an update name it for longer than a promotion takes.</summary>
    private void Lags(int days = 1)
    {
        _app.Ecs.Virtual.Advance(TimeSpan.FromDays(days));
        _app.Ecs.CurrentDeploymentLag = TimeSpan.FromHours(1);
    }

    private void Behaves(string service, TaskBehavior behavior) => _app.Ecs.Behaviors["hello-" + service] = new([behavior]);

    private async Task Succeeds()
    {
        var deployments = _app.Deployments("web");
        var ended = await _app.Run(_app.V2);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Describe("lags"));
        Assert.Equal((_app.V2.Id.ToString(), _app.V2.Id.ToString()), (_app.Runs("web"), _app.Runs("api")));
        Assert.Equal(deployments + 1, _app.Deployments("web"));
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.Zero, TimeSpan.FromMinutes(3));
    }
}
