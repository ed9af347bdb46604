using Releases.Aws.Tests.Engine;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Agent;

/// <summary>An agent dies before and after every write of a promotion, and another one, which knows only what is written, finishes
/// it.</summary>
public sealed class KilledAgentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("succeeds")]
    [InlineData("fails late")]
    public async Task Whenever_an_agent_is_killed_another_one_comes_to_the_same_end(string outcome)
    {
        await using var app = await EcsScenario.Start();
        app.BecomeHealthySoon();
        var moments = await Run(app, outcome, int.MaxValue);
        Assert.True(moments > 15, $"Only {moments} moments were seen.");
        for (var at = 1; at <= moments; at++) await Run(app, outcome, at);
    }

    /// <summary>How many moments there were.</summary>
    private static async Task<int> Run(EcsScenario app, string outcome, int dieAt)
    {
        var before = (await app.Active())!.Value;
        var next = await app.AddRelease(EcsScenario.TwoServices, ("SECRET", $"secret {dieAt}"));
        app.Plan(outcome);
        var deployments = (Web: app.Deployments("web"), Api: app.Deployments("api"));

        var (dying, moments) = DyingStore.Around(app.World.Store, dieAt);
        app.Records = dying;
        var id = PromotionId.New();
        await using (var first = Agent(app, line => line.Contains(nameof(DriverDiedException), StringComparison.Ordinal)))
        {
            await first.Supervisor.HandOver(new(id, A.App, next.Id, A.Person));
            await first.Supervisor.EnsureDriven(A.App, Cancel);
            await first.DiedOrEnded.WaitAsync(Patience.Limit, Cancel);
        }

        app.Records = app.World.Store;
        app.World.Renew();
        if (await app.World.Store.FindLock(A.App, Cancel) is not null)
        {
            await using var second = Agent(app, _ => false);
            await second.Supervisor.EnsureDriven(A.App, Cancel);
            app.Ecs.Virtual.Advance(LockBeat.Lease);
            await second.Supervisor.EnsureDriven(A.App, Cancel);
            await second.DiedOrEnded.WaitAsync(Patience.Limit, Cancel);
        }

        var ended = (await app.World.Store.FindPromotion(A.App, id, Cancel))!;
        var (status, active) = outcome == "succeeds" ? (PromotionStatus.Succeeded, next.Id) : (PromotionStatus.Failed, before);
        Assert.True(status == ended.Status, ended.Describe($"at {dieAt}"));
        Assert.True(
            outcome == "succeeds" ? ended.Services.All(s => s.CompletedAt <= ended.Deadline) : ended.EndedAt <= ended.RollbackDeadline,
            ended.Describe($"at {dieAt}, beyond its limit"));
        Assert.Equal(active, await app.Active());
        Assert.Equal((active.ToString(), active.ToString()), (app.Runs("web"), app.Runs("api")));
        Assert.InRange(app.Deployments("web") - deployments.Web, 0, outcome == "fails late" ? 2 : 1);
        Assert.InRange(app.Deployments("api") - deployments.Api, 0, 1);
        return moments.Moments;
    }

    private static RunningSupervisor Agent(EcsScenario app, Func<string, bool> dies)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new SupervisorOptions("an agent", line =>
        {
            if (dies(line)) over.TrySetResult();
        })
        {
            TakeOverAfter = LockBeat.Lease,
            TakesOffered = true,
            TakenOver = app.World.Driver.TakenOver,
            Released = (_, _) =>
            {
                over.TrySetResult();
                return Task.CompletedTask;
            },
        };
        var promotions = new AwsPromotions(app.Records, app.Beginning, app.Driver, app.World.Driver, app.World.Stepping);
        return new(promotions.Supervise(options), over.Task);
    }

    /// <summary>Disposing stops it as SIGKILL does: nobody is notified, and its last write is the last that remains of it.</summary>
    private sealed record RunningSupervisor(PromotionSupervisor Supervisor, Task DiedOrEnded) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Supervisor.DisposeAsync();
    }
}
