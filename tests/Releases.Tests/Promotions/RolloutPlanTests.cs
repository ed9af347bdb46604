using Xunit;

namespace Releases.Tests.Promotions;

public sealed class RolloutPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly RolloutPlan Canary = new([new(10) { Bake = TimeSpan.FromMinutes(5) }, new(50) { Bake = TimeSpan.FromMinutes(1) }, new(100)]);

    [Fact]
    public void All_at_once_is_one_step_that_waits_for_every_service()
    {
        var plan = RolloutStrategy.AllAtOnce.Plan();
        Assert.Null(plan.Next(null, allReady: false, Now));
        var step = plan.Next(null, allReady: true, Now);
        Assert.Equal(new(0, 100, Now), step);
        Assert.Null(plan.Next(step, allReady: true, Now + TimeSpan.FromDays(1)));
    }

    [Fact]
    public void A_step_bakes_before_the_next_one_begins()
    {
        var first = Canary.Next(null, allReady: true, Now)!;
        Assert.Null(Canary.Next(first, allReady: true, Now + TimeSpan.FromSeconds(299)));
        Assert.Equal(new(1, 50, Now + TimeSpan.FromMinutes(5)), Canary.Next(first, allReady: true, Now + TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void No_step_begins_while_a_service_is_not_healthy()
    {
        var first = Canary.Next(null, allReady: true, Now)!;
        Assert.Null(Canary.Next(first, allReady: false, Now + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_successor_continues_with_the_time_that_is_left()
    {
        var written = new TrafficShare(0, 10, Now - TimeSpan.FromMinutes(4));
        Assert.Null(Canary.Next(written, allReady: true, Now));
        Assert.Equal(1, Canary.Next(written, allReady: true, Now + TimeSpan.FromMinutes(1))!.Step);
    }
}
