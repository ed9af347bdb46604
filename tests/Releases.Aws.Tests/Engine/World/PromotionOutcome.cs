using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>How the tasks of a release behave, and whether the final records match the running tasks.</summary>
internal static class PromotionOutcome
{
    /// <summary>What becomes of the next deployment of each service; all of them become healthy unless the plan says otherwise.</summary>
    public static void Plan(this EcsScenario app, string plan)
    {
        app.Ecs.Behaviors.Clear();
        if (plan == "fails") app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.Fails(TimeSpan.FromSeconds(5))]);
        if (plan == "never healthy") app.Ecs.Behaviors["hello-web"] = new([new TaskBehavior.NeverHealthy()]);
        if (plan == "fails late") app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.Fails(app.Ecs.TimeToHealthy)]);
        if (plan == "api never healthy") app.Ecs.Behaviors["hello-api"] = new([new TaskBehavior.NeverHealthy()]);
    }

    /// <summary>What a failing assertion prints of a promotion.</summary>
    public static string Describe(this Promotion ended, string what) =>
        $"{what}: {ended.Status} {ended.Reason} {string.Join(' ', ended.Services.Select(s => $"{s.Service} {s.Status} {s.Reason}"))}";

    /// <summary>
    /// The new release is active and runs, or the one before does, or the promotion is stuck, exits with 4 and the one before is active.
    /// Only a plan that succeeds may end so, and nobody holds the lock.
    /// </summary>
    public static async Task AssertTruth(this EcsScenario app, Promotion ended, string plan, ReleaseId before, ReleaseId next, string what)
    {
        var (details, active, runs) = (ended.Describe(what), await app.Active(), (app.Runs("web"), app.Runs("api")));
        Assert.True(await app.World.Store.FindLock(ended.App, TestContext.Current.CancellationToken) is null, details);
        switch (ended.Status)
        {
            case PromotionStatus.Succeeded:
                Assert.True(plan == "succeeds" && active == next && runs == (next.ToString(), next.ToString()), details);
                break;
            case PromotionStatus.Failed:
                Assert.True(active == before && runs == (before.ToString(), before.ToString()), details);
                break;
            default:
                Assert.True(ended.Status == PromotionStatus.Stuck && active == before && EcsScenario.Output(ended).ExitCode == 4, details);
                break;
        }
    }
}
