using System.Collections.Concurrent;
using Releases.Testing;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>What ECS finished while nobody looked is decided by its own times, whoever comes however late, and ends.</summary>
public sealed class EcsDeadlineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(20, 40, true)]
    [InlineData(90, 90, false)]
    [InlineData(20, 90, false)]
    [InlineData(20, null, false)]
    [InlineData(90, null, false)]
    [InlineData(null, null, false)]
    public async Task Whoever_comes_late_ends_it_by_the_times_of_ECS(int? web, int? api, bool succeeds)
    {
        await using var app = await EcsScenario.Start();
        (app.Ecs.Behaviors["hello-web"], app.Ecs.Behaviors["hello-api"]) = (TaskBehavior(web), TaskBehavior(api));
        var held = await app.Begin(app.V2, Limit);
        app.Records = SuspendingStore.Around(app.World.Store, promotion => promotion.Services.Count == 2 && promotion.Services.All(s =>
            s.Engine is { } notes && notes.ToString().Contains("\"tookEffect\":true", StringComparison.Ordinal))
            ? throw new DriverDiedException() : Task.CompletedTask);
        await Assert.ThrowsAsync<DriverDiedException>(() => app.Driver.Drive(held, Cancel));

        var ended = await app.TakeOver(held, TimeSpan.FromHours(3));
        var runs = (succeeds ? app.V2 : app.V1).Id;
        Assert.True(ended.Status == (succeeds ? PromotionStatus.Succeeded : PromotionStatus.Failed), $"{ended.Status}: {ended.Reason}");
        Assert.Equal((runs, runs.ToString(), runs.ToString()), (await app.Active(), app.Runs("web"), app.Runs("api")));
        Assert.Null(await app.World.Store.FindLock(A.App, Cancel));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_Date_that_jumps_in_the_middle_of_a_healthy_rollout_ends_nothing(int minutes)
    {
        await using var app = await EcsScenario.Start();
        var told = new SharedList<string>();
        var clock = new AwsClock(app.Ecs.Virtual, told.Add);
        app.Clock = clock;
        var (began, jump) = (app.Ecs.Virtual.GetUtcNow(), TimeSpan.FromMinutes(minutes));
        app.Ecs.OnRequest = _ => clock.Learn(app.Ecs.Virtual.GetUtcNow()
            + (app.Ecs.Virtual.GetUtcNow() - began > TimeSpan.FromSeconds(8) ? jump : TimeSpan.Zero));
        var ended = await app.Run(app.V2, Limit);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Single(told);
    }

    private static ConcurrentQueue<TaskBehavior> TaskBehavior(int? landsAfter) =>
        new([landsAfter is { } seconds ? new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(seconds)) : new TaskBehavior.NeverHealthy()]);
}
