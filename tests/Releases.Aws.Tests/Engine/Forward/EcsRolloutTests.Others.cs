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

    [Fact]
    public async Task A_service_that_somebody_deletes_ends_the_promotion_once_the_others_are_back()
    {
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion =>
        {
            if (promotion.Services.All(s => s is { Status: ServiceStatus.Starting, Engine: not null })) _app.Ecs.Remove("hello-web");
            return Task.CompletedTask;
        });
        var ended = await _app.Run(_app.V2);
        Assert.True(ended.Status == PromotionStatus.Stuck, ended.Describe("deleted"));
        Assert.Equal(_app.V1.Id.ToString(), _app.Runs("api"));
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal("was deleted by somebody else: ECS reports twice that there is no service hello-web",
            ended.Services.Single(s => s.Service == A.Web).Reason);
    }
}
