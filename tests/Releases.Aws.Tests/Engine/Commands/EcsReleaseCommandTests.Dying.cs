using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed partial class EcsReleaseCommandTests
{
    private const string Unknown =
        "the release command of web was started by a driver that died or was stopped, so its outcome is unknown.";

    [Fact]
    public async Task Whenever_its_driver_dies_it_is_not_run_again_and_nothing_of_it_goes_on()
    {
        _app.BecomeHealthySoon();
        var moments = await RunAndDie(int.MaxValue);
        Assert.True(moments > 20, $"Only {moments} moments were seen.");
        for (var at = 1; at <= 14; at++) await RunAndDie(at);
    }

    [Fact]
    public async Task A_driver_that_was_suspended_before_it_asked_for_the_task_is_fenced_off()
    {
        var before = _app.Ecs.StandaloneTasks.All.Count;
        var held = await _app.Begin(_app.V2);
        _app.Records = SuspendingStore.Around(_app.World.Store, async promotion =>
        {
            if (promotion.ReleaseCommands is not [{ Engine: { } notes }] || !notes.TryGetProperty("definition", out _)) return;
            _app.Ecs.Virtual.Advance(TimeSpan.FromMinutes(1));
            if ((await _app.World.Store.FindLock(A.App, Cancel))?.Owner == "a test") await _app.TakeLock(held);
        });
        var fenced = await Assert.ThrowsAsync<ProblemException>(() => _app.Driver.Drive(held, Cancel));
        Assert.True(fenced.Is(ProblemCode.Fenced));
        Assert.Equal(before, _app.Ecs.StandaloneTasks.All.Count);
    }

    [Theory]
    [InlineData("AccessDeniedException", "ECS denied StopTask on the task ")]
    [InlineData("ServerException", "ECS didn't answer StopTask on the task ")]
    public async Task One_that_its_successor_cannot_stop_is_named(string code, string why)
    {
        var held = await DieWhileItRuns();
        _app.Ecs.Refuse("StopTask", code);
        var ended = await _app.TakeOver(held, TimeSpan.FromSeconds(12));
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.StartsWith($"{Unknown} The release command of web may still be running: {why}", ended.Reason, StringComparison.Ordinal);
        Assert.Contains("may still be running", EcsScenario.Output(ended).Text, StringComparison.Ordinal);
        Assert.True(_app.Ecs.StandaloneTasks.All[^1].Runs(_app.Ecs.Virtual.GetUtcNow()));
    }

    [Fact]
    public async Task One_whose_stop_is_not_answered_is_asked_to_stop_again()
    {
        var held = await DieWhileItRuns();
        _app.Ecs.FailNext("StopTask", Fault.ConnectionLost, Fault.ConnectionLost, Fault.ResponseLost);
        Assert.Equal(Unknown, (await _app.TakeOver(held, TimeSpan.FromSeconds(12))).Reason);
        Assert.Equal("The promotion has ended.", _app.Ecs.StandaloneTasks.All[^1].StoppedFor);
    }

    [Fact]
    public async Task One_that_ends_before_it_is_asked_to_stop_is_no_failure()
    {
        var held = await DieWhileItRuns();
        _app.Ecs.OnRequest = operation =>
        {
            if (operation != "StopTask") return;
            _app.Ecs.Refuse("StopTask", "InvalidParameterException");
            _app.Ecs.StandaloneTasks.All[^1].Stop("by somebody", _app.Ecs.Virtual.GetUtcNow());
        };
        Assert.Equal(Unknown, (await _app.TakeOver(held, TimeSpan.FromSeconds(12))).Reason);
        Assert.Contains("StopTask", _app.Ecs.Calls);
    }

    /// <summary>The services are read for how long their traffic shifts take, and nothing has been started yet.</summary>
    [Fact]
    public async Task If_its_successor_cannot_read_the_services_before_the_limit_the_promotion_fails_at_the_limit()
    {
        var held = await _app.Begin(_app.V2, TimeSpan.FromMinutes(5));
        _app.Records = SuspendingStore.Around(_app.World.Store, promotion => promotion.ReleaseCommands is [{ EndedAt: not null }]
            ? throw new DriverDiedException() : Task.CompletedTask);
        await Assert.ThrowsAsync<DriverDiedException>(() => _app.Driver.Drive(held, Cancel));
        _app.Records = _app.World.Store;
        _app.World.Renew().TakenOver();
        var taken = (await _app.TakeLock(held))!;
        _app.Ecs.Refuse("DescribeServices", "ServerException");

        var ended = (await new RetryingDriver(_app.Driver, _ => { }, _app.World.Stepping).Run(taken, Cancel))!;
        Assert.Equal((PromotionStatus.Failed, (ReleaseId?)_app.V1.Id), (ended.Status, await _app.Active()));
        Assert.Contains("DescribeServices", ended.Reason, StringComparison.Ordinal);
        Assert.InRange(
            ended.EndedAt!.Value - ended.ReleaseCommands[0].EndedAt!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
    }

    private async Task<PromotionLock> DieWhileItRuns()
    {
        NextBehaviors(new(TimeSpan.FromHours(1)));
        var held = await _app.Begin(_app.V2);
        _app.Records = SuspendingStore.Around(
            _app.World.Store, promotion => promotion.ReleaseCommands is [{ Engine: { } notes }] && notes.TryGetProperty("task", out _)
                ? throw new DriverDiedException() : Task.CompletedTask, () => throw new DriverDiedException());
        await Assert.ThrowsAsync<DriverDiedException>(() => _app.Driver.Drive(held, Cancel));
        return held;
    }

    private async Task<int> RunAndDie(int dieAt)
    {
        var (before, tasks) = ((await _app.Active())!.Value, _app.Ecs.StandaloneTasks.All.Count);
        var next = await _app.AddRelease(Migrating, ("SECRET", $"secret {dieAt}"));
        NextBehaviors(new(TimeSpan.FromMinutes(1)));
        var held = await _app.Begin(next);
        var (dying, moments) = DyingStore.Around(_app.World.Store, dieAt);
        _app.Records = dying;
        var died = await Record.ExceptionAsync(() => _app.Driver.Drive(held, Cancel));
        if (died is not null) Assert.IsType<DriverDiedException>(died);
        var ended = await _app.TakeOver(held, TimeSpan.FromSeconds(12));
        _app.Ecs.StandaloneTasks.Behaviors.Clear();
        var details = $"at {dieAt}: {ended.Status} {ended.Reason}";
        Assert.True(_app.Ecs.StandaloneTasks.All.Count - tasks <= 1, details);
        if (ended.Status == PromotionStatus.Succeeded) Assert.True(_app.Ecs.StandaloneTasks.All[^1].StoppedFor is null
            && ended.ReleaseCommands.Single().ExitCode == 0, details);
        else
        {
            Assert.Equal(Unknown, ended.Reason);
            Assert.Equal((before, before.ToString()), (await _app.Active(), _app.Runs("web")));
            _app.Ecs.Virtual.Advance(TimeSpan.FromSeconds(10));
            Assert.DoesNotContain(_app.Ecs.StandaloneTasks.All, t => t.Runs(_app.Ecs.Virtual.GetUtcNow()));
        }

        return moments.Moments;
    }
}
