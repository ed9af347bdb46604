using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>A clock that somebody sets while a promotion is driven.</summary>
public sealed class SteadyTimeTests
{
    private readonly FakeTimeProvider _passing = new(A.Moment);

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    [InlineData(86_400)]
    public void It_goes_on_as_time_passes(int seconds)
    {
        var clock = new SetClock(_passing);
        var time = new SteadyTime(clock);
        clock.Offset = TimeSpan.FromSeconds(seconds);
        _passing.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(A.Moment + TimeSpan.FromSeconds(5), time.GetUtcNow());
    }

    [Fact]
    public void A_clock_that_was_years_behind_counts_once_it_is_right()
    {
        var clock = new SetClock(_passing) { Offset = TimeSpan.FromDays(-20_000) };
        var time = new SteadyTime(clock);
        clock.Offset = TimeSpan.Zero;
        Assert.Equal(A.Moment, time.GetUtcNow());
    }

    /// <summary>By the clock, a good release would be complete only after its limit, or before it began.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_promotion_that_is_complete_in_time_succeeds(int hours)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var clock = new SetClock(scenario.Time);
        var held = await scenario.Begin(scenario.V2, TimeSpan.FromMinutes(5));
        scenario.Engine.BeforeEffect = _ => clock.Offset = TimeSpan.FromHours(hours);
        var ended = await scenario.SteadyDriver(clock).Drive(held, CancellationToken.None);
        Assert.Equal((PromotionStatus.Succeeded, null), (ended.Status, ended.Reason));
        Assert.All(ended.Services, s => Assert.InRange(s.CompletedAt!.Value, ended.StartedAt, ended.EndedAt!.Value));
    }

    /// <summary>By the clock, it would end an hour late, or at once.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_promotion_ends_at_its_limit(int hours)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var clock = new SetClock(scenario.Time);
        var held = await scenario.Begin(scenario.V2, TimeSpan.FromMinutes(5));
        scenario.Engine.Outcomes[ServiceName.Parse("web")] = RolloutOutcome.NeverHealthy;
        var interruptions = 0;
        scenario.Engine.BeforeEffect = _ =>
        {
            clock.Offset = TimeSpan.FromHours(hours);
            if (++interruptions == 1) throw new IOException("The disk is full.");
        };
        var began = scenario.Time.GetUtcNow();

        var ended = await new RetryingDriver(scenario.SteadyDriver(clock), _ => { }, new SteppingTime(scenario.Time))
            .Run(held, TestContext.Current.CancellationToken);

        Assert.Equal(PromotionStatus.Failed, ended!.Status);
        Assert.InRange(scenario.Time.GetUtcNow() - began, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
    }
}
