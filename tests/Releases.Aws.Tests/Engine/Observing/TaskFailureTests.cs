using System.Text.Json.Nodes;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>The reason of a failure is what a task did, also if it is read only once ECS has rolled back and stopped the others.</summary>
public sealed class TaskFailureTests : IAsyncLifetime
{
    private EcsScenario _app = null!;

    private SimulatedEcsService Web => _app.Ecs["hello-web"];

    public async ValueTask InitializeAsync() => _app = await EcsScenario.Start();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(3, "web exited with code 3; 3 tasks failed; the limit is 3.")]
    [InlineData(null, "web couldn't run its tasks: CannotPullContainerError; 3 tasks failed; the limit is 3.")]
    public async Task A_task_that_failed_explains_more_than_those_that_the_rollback_stopped(int? exitCode, string reason)
    {
        var why = exitCode is null ? "CannotPullContainerError" : "Essential container in task exited";
        var ended = await IsReadLate(new TaskBehavior.Fails(TimeSpan.FromSeconds(5)) { ExitCode = exitCode, Why = why });
        Assert.Equal(reason, ended.Reason);
    }

    [Fact]
    public async Task If_none_failed_ECS_rolled_it_back_for_the_alarm()
    {
        Web.Shifts("BLUE_GREEN", bake: 5);
        Web.Configuration["alarms"] = new JsonObject { ["alarmNames"] = new JsonArray("web-5xx"), ["enable"] = true, ["rollback"] = true };
        var ended = await IsReadLate(new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(30))
        { Alarm = new("web-5xx", "BAKE_TIME", TimeSpan.FromMinutes(1)) });
        Assert.Equal("web was rolled back by ECS; Alarm web-5xx is in the state ALARM; the alarm web-5xx went off.", ended.Reason);
    }

    /// <summary>The driver sleeps from its update on, or from when traffic may move, until the rollback is done.</summary>
    private async Task<Promotion> IsReadLate(TaskBehavior behavior)
    {
        _app.Ecs.Behaviors["hello-web"] = new([behavior]);
        var hasSlept = false;
        _app.Ecs.OnRequest = _ =>
        {
            if (hasSlept || Web.Deployments.Count < 3
                || Web.Current.Status(_app.Ecs.Virtual.GetUtcNow()) is not ("ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS")) return;
            hasSlept = true;
            _app.Ecs.Virtual.Advance(TimeSpan.FromMinutes(3));
        };
        var ended = await _app.Run(_app.V2);
        Assert.True(hasSlept && ended.Status == PromotionStatus.Failed, ended.Describe("late"));
        return ended;
    }
}
