using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>ECS is read often while something happens and less often while nothing does.</summary>
public sealed class ReadPaceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rollout_is_read_every_2_seconds_while_it_moves_and_every_5_while_it_waits_for_somebody()
    {
        await using var app = await EcsScenario.Start();
        foreach (var service in new[] { "hello-web", "hello-api" }) app.Ecs[service].Shifts("BLUE_GREEN", bake: 1);
        var held = await app.Begin(app.V2, holdFor: TimeSpan.FromMinutes(10));
        DateTimeOffset? waiting = null;
        app.Records = SuspendingStore.Around(app.World.Store, promotion =>
        {
            if (promotion.WaitsForApproval) waiting ??= app.Ecs.Virtual.GetUtcNow();
            return Task.CompletedTask;
        });
        var reads = new SharedList<DateTimeOffset>();
        app.Ecs.OnRequest = operation =>
        {
            if (operation == "DescribeServiceDeployments") reads.Add(app.Ecs.Virtual.GetUtcNow());
        };

        await app.Driver.Drive(held, Cancel);

        var pauses = reads.Zip(reads.Skip(1), (from, to) => (From: from, Pause: to - from)).Where(p => p.Pause > TimeSpan.Zero).ToList();
        Assert.All(pauses, p => Assert.InRange(p.Pause, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)));
        var before = pauses.Where(p => p.From < waiting).ToList();
        Assert.True(before.Count(p => p.Pause == TimeSpan.FromSeconds(2)) > before.Count / 2, string.Join(' ', before));
        var idle = pauses.Where(p => p.From > waiting + TimeSpan.FromSeconds(30) && p.From < waiting + TimeSpan.FromMinutes(9)).ToList();
        Assert.NotEmpty(idle);
        Assert.All(idle, p => Assert.Equal(TimeSpan.FromSeconds(5), p.Pause));
    }
}
