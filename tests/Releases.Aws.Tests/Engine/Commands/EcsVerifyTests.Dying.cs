using Releases.Testing.Simulation;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Engine;

public sealed partial class EcsVerifyTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(0, "RunTask")]
    [InlineData(0, "RegisterTaskDefinition")]
    [InlineData(1, null)]
    public async Task Whenever_its_driver_dies_it_comes_to_the_same_end_and_runs_once(int exitCode, string? answersLost)
    {
        _app.BecomeHealthySoon();
        var moments = await DieAt(int.MaxValue);
        Assert.True(moments > 20, $"Only {moments} moments were seen.");
        for (var at = 1; at <= moments; at++) await DieAt(at);

        async Task<int> DieAt(int dieAt)
        {
            var (before, tasks) = ((await _app.Active())!.Value, _app.Ecs.StandaloneTasks.All.Count);
            var next = await _app.AddRelease(Verifying, ("SECRET", $"secret {dieAt}"));
            _app.Ecs.StandaloneTasks.Behaviors.Clear();
            for (var n = 0; n < 3; n++) Fares(new(TimeSpan.FromMinutes(1), exitCode));
            if (answersLost is not null) _app.Ecs.FailAlways(answersLost, Fault.ResponseLost);
            var held = await _app.Begin(next);
            var (dying, moments) = DyingStore.Around(_app.World.Store, dieAt);
            _app.Records = dying;
            var died = await Record.ExceptionAsync(() => _app.Driver.Drive(held, Cancel));
            if (answersLost is not null) _app.Ecs.FailAlways(answersLost, null);
            if (died is not null) Assert.IsType<DriverDiedException>(died);
            var ended = await _app.TakeOver(held, TimeSpan.FromSeconds(12));
            var (status, active) = exitCode == 0 ? (PromotionStatus.Succeeded, next.Id) : (PromotionStatus.Failed, before);
            var details = ended.Describe($"at {dieAt}");
            Assert.True(status == ended.Status, details);
            Assert.Equal(
                ((ReleaseId?)active, active.ToString(), active.ToString()), (await _app.Active(), _app.Runs("web"), _app.Runs("api")));
            var ran = _app.Ecs.StandaloneTasks.All.Skip(tasks).ToList();
            // A driver that notices its end stops the task, and the successor runs another.
            Assert.True(ran.Count(t => t.StoppedFor is null) == 1, details + string.Join(' ', ran.Select(t => t.StoppedFor ?? "ran")));
            _app.Ecs.Virtual.Advance(TimeSpan.FromSeconds(10));
            Assert.DoesNotContain(_app.Ecs.StandaloneTasks.All, t => t.Runs(_app.Ecs.Virtual.GetUtcNow()));
            Assert.False(PauseHook.IsIn(Web.Configuration));
            return moments.Moments;
        }
    }
}
