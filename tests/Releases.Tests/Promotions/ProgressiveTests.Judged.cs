using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <content>What new processes are compared with, and what follows from it.</content>
public sealed partial class ProgressiveTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task New_processes_that_answer_worse_take_everything_back(int fromStep)
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        DateTimeOffset? since = null;
        scenario.Engine.Counts = service =>
        {
            if (scenario.Engine.ShareOf(service) == (fromStep == 1 ? 10 : 100)) since ??= scenario.Time.GetUtcNow();
            var fresh = Requests(scenario, perSecond: 10);
            var errors = since is { } from ? (long)(scenario.Time.GetUtcNow() - from).TotalSeconds * 10 / 20 : 0;
            return new(fresh with { Errors = errors }, Requests(scenario, perSecond: 90));
        };
        var ended = await scenario.Promote(next);
        Assert.Equal((PromotionStatus.Failed, Web), (ended.Status, ended.FailedService));
        Assert.Matches(@"^web answered \d(\.\d)? % with 5xx \(before: 0 %\)\.$", ended.Reason);
        Assert.Equal(VerdictOutcome.Bad, ended.Steps[^1].Verdicts.Single().Outcome);
        Assert.Equal(fromStep, ended.Steps[^1].Step);
        Assert.True(ended.Steps[^1].EndedAt - ended.Steps[^1].Since < TimeSpan.FromSeconds(20));
        Back(scenario);
    }

    [Fact]
    public async Task Long_polls_in_the_bake_are_compared_with_those_in_the_steps()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        var earlier = new RequestCounts(35_000, 0, [new(TimeSpan.FromMilliseconds(5), 35_000)]);
        var polls = new RequestCounts(100, 0, [new(TimeSpan.FromSeconds(20), 100)]);
        scenario.Engine.Counts = service => scenario.Engine.ShareOf(service) switch
        {
            0 => new(RequestCounts.None, earlier),
            10 => new(polls, earlier.With(polls)),
            _ => new(polls.With(polls) with { Waiting = [new(TimeSpan.FromSeconds(8), 20)] }, earlier.With(polls)),
        };
        var ended = await scenario.Promote(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(100, ended.Steps.Single(s => s.Step == 2).Verdicts.First(v => v.Service == Web).RequestsBefore);
    }

    /// <summary>Ten of the requests of the first step take half a minute, as they did before.</summary>
    [Fact]
    public async Task Requests_of_one_step_that_still_wait_are_not_held_against_the_few_of_the_next()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        DateTimeOffset? since = null;
        scenario.Engine.Counts = service =>
        {
            if (scenario.Engine.ShareOf(service) == 0) return new(RequestCounts.None, Answered(6000));
            if (scenario.Engine.ShareOf(service) == 100) since ??= scenario.Time.GetUtcNow();
            var inBake = since is { } from ? scenario.Time.GetUtcNow() - from : TimeSpan.Zero;
            LatencyBucket[] waiting = inBake < TimeSpan.FromSeconds(10) ? [new(TimeSpan.FromSeconds(20) + inBake, 10)] : [];
            return new(
                Answered(6000 + (100 * (long)inBake.TotalSeconds)) with { Waiting = waiting }, Answered(12_000) with { Waiting = waiting });
        };
        var ended = await scenario.Promote(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);

        static RequestCounts Answered(long requests) => new(requests, 0, [new(TimeSpan.FromMilliseconds(5), requests)]);
    }

    [Fact]
    public async Task A_release_that_hangs_takes_everything_back_although_its_clients_leave_after_three_seconds()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        DateTimeOffset? since = null;
        scenario.Engine.Counts = service =>
        {
            if (scenario.Engine.ShareOf(service) > 0) since ??= scenario.Time.GetUtcNow();
            var seconds = since is { } from ? (long)(scenario.Time.GetUtcNow() - from).TotalSeconds : 0;
            var hanging = new RequestCounts(seconds * 50, 0, []) { GivenUp = [new(TimeSpan.FromSeconds(3), Math.Max(0, seconds - 3) * 50)] };
            return new(hanging, Requests(scenario, perSecond: 90));
        };
        var ended = await scenario.Promote(next);
        Assert.Equal((PromotionStatus.Failed, Web), (ended.Status, ended.FailedService));
        Assert.Matches(@"^web took more than 55 ms for 100 % of requests, \d+ of which clients gave up \(before: 0 %\)\.$", ended.Reason);
        Assert.Equal(1, ended.Steps[^1].Step);
        Back(scenario);
    }

    /// <summary>Time passes while the counts are read.</summary>
    [Fact]
    public async Task A_step_that_is_over_while_it_is_judged_does_not_end_unjudged()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        var promotion = await scenario.Begin(next);
        var passed = false;
        scenario.Engine.Counts = service =>
        {
            if (scenario.Engine.ShareOf(service) != 10) return TrafficSample.None;
            var traffic = scenario.Store.FindPromotion(scenario.App, promotion.Promotion).GetAwaiter().GetResult()!.Traffic!;
            var left = traffic.Since.AddMinutes(2) - scenario.Time.GetUtcNow();
            if (left > TimeSpan.Zero && left <= TimeSpan.FromSeconds(2) && (passed = true)) scenario.Time.Advance(left);
            return new(new(20, 20, []), RequestCounts.None);
        };
        var ended = await scenario.Driver.Drive(promotion, CancellationToken.None);
        Assert.True(passed);
        Assert.Equal((PromotionStatus.Failed, "web answered 100 % with 5xx (before: 0 %)."), (ended.Status, ended.Reason));
    }

    [Fact]
    public async Task A_step_without_traffic_is_not_judged_and_no_failure()
    {
        var (scenario, next) = await Scenario(Manifests.Canary);
        scenario.Engine.Counts = _ => TrafficSample.None;
        var ended = await scenario.Promote(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal("not judged: no traffic", ended.Steps[1].Verdicts.Single().Reason);
    }

    [Fact]
    public async Task Nobody_compares_what_is_not_to_be_judged()
    {
        var (scenario, next) = await Scenario(Manifests.Canary.Replace("bake: 5m", "bake: 5m, judge: off", StringComparison.Ordinal));
        scenario.Engine.Counts = _ => new(Requests(scenario, perSecond: 10) with { Errors = 1_000_000 }, Requests(scenario, perSecond: 90));
        var ended = await scenario.Promote(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.All(ended.Steps, s => Assert.Empty(s.Verdicts));
    }
}
