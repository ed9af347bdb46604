using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <content>What somebody else does to a service meanwhile.</content>
public sealed partial class EcsRolloutTests
{
    [Fact]
    public async Task What_somebody_else_put_there_is_left_alone_and_the_other_service_goes_back()
    {
        var foreign = EcsWorld.Bootstrap();
        foreign["family"] = "terraform";
        var arn = _app.Ecs.Definitions.Add(foreign);
        NextBehaviors("web", new TaskBehavior.Superseded(TimeSpan.FromSeconds(10), arn));
        var ended = await _app.Run(_app.V2);
        Assert.Equal(PromotionStatus.Stuck, ended.Status);
        Assert.Equal((arn, _app.V1.Id.ToString(), (ReleaseId?)_app.V1.Id),
            (_app.Ecs.Runs("hello-web"), _app.Runs("api"), await _app.Active()));
        Assert.Equal(ServiceStatus.Stuck, ended.Services.Single(s => s.Service == A.Web).Status);
        var told = EcsScenario.Output(ended);
        Assert.Equal(4, told.ExitCode);
        Assert.Contains($"its task definition is {arn}, registered by arn:aws:iam::111122223333:user/test", told.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_previous_version_that_somebody_else_put_back_is_not_said_to_be_rolled_back_by_ECS()
    {
        NextBehaviors("web", new TaskBehavior.Superseded(TimeSpan.FromSeconds(10), _app.Ecs.Runs("hello-web")!));
        Assert.StartsWith("web was changed by somebody else; ", (await Fails()).Reason, StringComparison.Ordinal);
    }

    /// <summary>For a while ECS still describes a deleted service, as INACTIVE.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_that_somebody_deletes_ends_the_promotion_once_the_others_are_back(bool isDescribed)
    {
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            if (promotion.Services.All(s => s is { Status: ServiceStatus.Starting, Engine: not null })) Delete();
            return Task.CompletedTask;
        });
        var ended = await _app.Run(_app.V2);
        Assert.True(ended.Status == PromotionStatus.Stuck, ended.Describe("deleted"));
        Assert.Equal(_app.V1.Id.ToString(), _app.Runs("api"));
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal("was deleted by somebody else: ECS reports twice that there is no service hello-web",
            ended.Services.Single(s => s.Service == A.Web).Reason);

        void Delete()
        {
            if (isDescribed) _app.Ecs.Delete("hello-web");
            else _app.Ecs.Remove("hello-web");
        }
    }

    [Fact]
    public async Task A_service_that_was_deleted_does_not_exist_although_ECS_still_describes_it()
    {
        _app.Ecs.Delete("hello-web");
        Assert.Equal(["api"], (await _app.World.Running.Services(A.App, Cancel)).Select(s => s.Service.ToString()));
        var ended = await _app.Run(_app.V2);
        Assert.Equal((PromotionStatus.Failed, "the ECS service hello-web of web doesn't exist."),
            (ended.Status, ended.Reason));
        Assert.Equal(0, _app.Deployments("api"));
    }

    [Fact]
    public async Task A_count_that_somebody_raised_meanwhile_is_kept_on_the_way_back()
    {
        var v3 = await _app.AddRelease(EcsScenario.TwoServices.Replace("build: Web", "build: Web\n    scale: 4", StringComparison.Ordinal),
            ("SECRET", "third secret"));
        NextBehaviors("web", new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(5)));
        NextBehaviors("api", new TaskBehavior.Fails(TimeSpan.FromSeconds(20)));
        var web = _app.Ecs["hello-web"];
        _app.Ecs.OnRequest = _ =>
        {
            if (_app.Deployments("web") == 1 && web.Current.IsOver(_app.Ecs.Virtual.GetUtcNow())) web.Desired = 6;
        };
        var ended = await _app.Run(v3);
        _app.Ecs.OnRequest = _ => { };
        Assert.True(ended.Status == PromotionStatus.Failed, ended.Describe("raised"));
        Assert.Equal((6, 2, _app.V1.Id.ToString()), (web.Desired, _app.Deployments("web"), _app.Runs("web")));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
