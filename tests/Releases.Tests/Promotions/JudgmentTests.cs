using Xunit;

namespace Releases.Tests.Promotions;

public sealed class JudgmentTests
{
    private static readonly ServiceName Web = ServiceName.Parse("web");

    [Theory]
    [InlineData(49, 49, 1000, 0, false, null, null)]
    [InlineData(50, 0, 1000, 0, false, VerdictOutcome.Good, null)]
    [InlineData(50, 1, 1000, 0, false, VerdictOutcome.Good, null)]
    [InlineData(50, 2, 1000, 0, false, VerdictOutcome.Bad, "answered 4 % with 5xx (before: 0 %)")]
    [InlineData(1000, 71, 1000, 2, false, VerdictOutcome.Bad, "answered 7.1 % with 5xx (before: 0.2 %)")]
    [InlineData(1000, 71, 1000, 60, false, VerdictOutcome.Good, null)]
    [InlineData(10, 1, 1000, 0, true, VerdictOutcome.Bad, "answered 10 % with 5xx (before: 0 %)")]
    [InlineData(10, 0, 1000, 0, true, VerdictOutcome.Good, null)]
    [InlineData(0, 0, 1000, 0, false, null, null)]
    [InlineData(0, 0, 1000, 0, true, VerdictOutcome.NotJudged, "not judged: no traffic")]
    [InlineData(50, 2, 0, 0, true, VerdictOutcome.Bad, "answered 4 % with 5xx (before: 0 %)")]
    public void Errors_beyond_the_limit_and_those_of_the_old_processes_are_too_much(
        long requests, long errors, long before, long errorsBefore, bool isOver, VerdictOutcome? outcome, string? reason)
    {
        var verdict = Judgment.Decide(Web, new(), Counts(requests, errors, 5), Counts(before, errorsBefore, 5), isOver, staysSlow: true);
        Assert.Equal((outcome, reason), (verdict?.Outcome, verdict?.Reason));
        if (verdict is not null) Assert.Equal((requests, errors, before, errorsBefore),
            (verdict.Requests, verdict.Errors, verdict.RequestsBefore, verdict.ErrorsBefore));
    }

    [Theory]
    [InlineData(100, 100, 300, 100, "answered 95 % of requests within 300 ms (before: 100 ms)")]
    [InlineData(100, 100, 151, 100, "answered 95 % of requests within 151 ms (before: 100 ms)")]
    [InlineData(100, 100, 150, 100, null)]
    [InlineData(100, 100, 12, 2, null)]
    [InlineData(49, 100, 3000, 100, null)]
    [InlineData(100, 49, 3000, 100, null)]
    public void A_p95_beyond_the_limit_is_too_much_once_both_had_enough_requests(long requests, long before, int p95,
        int p95Before, string? reason)
    {
        var verdict = Judgment.Decide(Web, new(), Counts(requests, 0, p95), Counts(before, 0, p95Before), isOver: true, staysSlow: true);
        Assert.Equal(reason, verdict!.Reason);
        Assert.Equal(reason is null ? VerdictOutcome.Good : VerdictOutcome.Bad, verdict.Outcome);
    }

    /// <summary>Each number is the p95 of 50 requests of the new processes; that of the old ones is 100 ms.</summary>
    [Theory]
    [InlineData(new[] { 900 }, false, false)]
    [InlineData(new[] { 900 }, true, true)]
    [InlineData(new[] { 900, 900 }, false, false)]
    [InlineData(new[] { 900, 100 }, true, false)]
    [InlineData(new[] { 900, 900, 900 }, false, true)]
    [InlineData(new[] { 900, 900, 100, 900, 900 }, true, false)]
    [InlineData(new[] { 100, 100, 900, 900, 900 }, false, true)]
    [InlineData(new[] { 100, 100, 100 }, true, false)]
    public void Processes_that_were_slow_when_they_began_do_not_stay_slow(int[] windows, bool isOver, bool staysSlow)
    {
        var sample = TrafficSample.None;
        var streak = new SlowStreak(sample, sample.Old);
        foreach (var p95 in windows)
        {
            sample = new(Plus(sample.New, p95), Plus(sample.Old, 100));
            streak.Add(sample, new());
        }

        Assert.Equal(staysSlow, streak.StaysSlow(isOver));
        var verdict = Judgment.Decide(Web, new(), Counts(100, 0, 900), Counts(100, 0, 100), isOver, streak.StaysSlow(isOver));
        Assert.Equal(staysSlow ? VerdictOutcome.Bad : VerdictOutcome.Good, verdict!.Outcome);

        static RequestCounts Plus(RequestCounts counts, int p95) => counts with
        {
            Requests = counts.Requests + 50,
            Latency = [.. new[] { 100, 900 }.Select(m => new LatencyBucket(Ms(m), Count(counts, m) + (m == p95 ? 50 : 0)))],
        };

        static long Count(RequestCounts counts, int milliseconds) =>
            counts.Latency.Where(b => b.UpTo == Ms(milliseconds)).Sum(b => b.Count);
    }

    /// <summary>As in a bake after a restart of the daemon: the old processes have no traffic, and their counters are at zero.</summary>
    [Fact]
    public void Processes_stay_slow_also_if_the_counters_of_the_old_ones_began_again()
    {
        var before = Counts(1000, 0, 100) with { Counter = "before" };
        var streak = new SlowStreak(new(RequestCounts.None, before), before);
        for (var window = 1; window <= 3; window++)
            streak.Add(new(Counts(window * 50, 0, 900), RequestCounts.None with { Counter = "after" }), new());
        Assert.True(streak.StaysSlow(isOver: false));
    }

    [Theory]
    [InlineData(100, 10, 6000, 100, 0, "left 10 % unanswered for 5 s (before: 0 %)")]
    [InlineData(100, 2, 6000, 100, 0, null)]
    [InlineData(100, 3, 6000, 100, 1, null)]
    [InlineData(100, 100, 4000, 100, 0, null)]
    [InlineData(100, 100, 20_000, 20_000, 0, null)]
    [InlineData(100, 100, 31_000, 20_000, 0, "left 100 % unanswered for 30 s (before: 0 %)")]
    [InlineData(0, 7, 6000, 100, 0, "left 100 % unanswered for 5 s (before: 0 %)")]
    public void Requests_that_stay_unanswered_count_as_errors(
        long requests, long unanswered, int waited, int answered, long unansweredBefore, string? reason)
    {
        var old = Counts(100, 0, answered) with { Waiting = [new(Ms(waited), unansweredBefore)] };
        var fresh = new RequestCounts(requests, 0, []);
        foreach (var counts in (RequestCounts[])[fresh with { Waiting = [new(Ms(waited), unanswered)] },
            fresh with { GivenUp = [new(Ms(waited), unanswered)] }])
        {
            var verdict = Judgment.Decide(Web, new(), counts, old, isOver: true, staysSlow: false)!;
            Assert.Equal((reason, reason is null ? VerdictOutcome.Good : VerdictOutcome.Bad), (verdict.Reason, verdict.Outcome));
        }
    }

    /// <summary>More than five seconds is too long.</summary>
    [Theory]
    [InlineData(100, 10, 20_000, 14, null, VerdictOutcome.Good)]
    [InlineData(100, 10, 20_000, 15, "left 10 % unanswered for 5 s (before: 0.2 %)", VerdictOutcome.Bad)]
    [InlineData(0, 1, 20_000, 14, "not judged: no traffic", VerdictOutcome.NotJudged)]
    [InlineData(0, 7, 6000, 1, "left 100 % unanswered for 5 s (before: 0.2 %)", VerdictOutcome.Bad)]
    public void Requests_that_had_waited_too_long_before_the_step_say_nothing_of_it(
        long requests, long unanswered, int waited, int elapsed, string? reason, VerdictOutcome outcome)
    {
        var old = Counts(6000, 0, 5) with { Waiting = [new(Ms(20_000), 10)] };
        var fresh = Counts(requests, 0, 5) with { Elapsed = TimeSpan.FromSeconds(elapsed) };
        foreach (var counts in (RequestCounts[])[fresh with { Waiting = [new(Ms(waited), unanswered)] },
            fresh with { GivenUp = [new(Ms(waited), unanswered)] }])
        {
            var verdict = Judgment.Decide(Web, new(), counts, old, isOver: true, staysSlow: false)!;
            Assert.Equal((reason, outcome), (verdict.Reason, verdict.Outcome));
        }
    }

    [Fact]
    public void Requests_that_stay_unanswered_add_to_errors()
    {
        var fresh = Counts(100, 2, 5) with { Waiting = [new(Ms(6000), 1)] };
        Assert.Equal(VerdictOutcome.Bad, Judgment.Decide(Web, new(), fresh, Counts(100, 0, 5), isOver: false, staysSlow: false)!.Outcome);
    }

    [Fact]
    public void Without_answers_to_compare_with_a_request_may_wait_longer()
    {
        foreach (var old in (RequestCounts[])[RequestCounts.None, Counts(49, 0, 5)])
            foreach (var (waited, outcome) in ((int, VerdictOutcome)[])[(29_000, VerdictOutcome.Good), (31_000, VerdictOutcome.Bad)])
                Assert.Equal(outcome, Judgment.Decide(Web, new(), new RequestCounts(50, 0, []) with { Waiting = [new(Ms(waited), 50)] },
                    old, isOver: false, staysSlow: false)!.Outcome);
    }

    [Fact]
    public void Errors_without_a_complete_answer_are_not_called_5xx()
    {
        var verdict = Judgment.Decide(Web, new(), Counts(100, 7, 5) with { Failed = 5 }, Counts(100, 0, 5), isOver: true, staysSlow: false);
        Assert.Equal("failed 7 % of requests, 5 of them without a complete answer (before: 0 %)", verdict!.Reason);
    }

    [Theory]
    [InlineData(100, 20_000, null)]
    [InlineData(49, 20_000, "left 100 % unanswered for 5 s (before: 0 %)")]
    [InlineData(100, 5, "left 100 % unanswered for 5 s (before: 0 %)")]
    public void A_bake_is_compared_with_the_steps_before_it_rather_than_with_a_load_test_of_yesterday(int inSteps, int took, string? reason)
    {
        var start = Counts(35_000, 0, 5);
        var old = start.With(Counts(inSteps, 0, took));
        var fresh = new RequestCounts(100, 0, []) with { Waiting = [new(Ms(8000), 100)] };
        // The second time the daemon died in the bake, so the counters of the old processes, which have no traffic, began again.
        foreach (var now in (RequestCounts[])[old, RequestCounts.None])
        {
            var compared = TrafficJudge.Comparable(now, before: old, start);
            Assert.Equal(reason, Judgment.Decide(Web, new(), fresh, compared, isOver: true, staysSlow: false)!.Reason);
        }
    }

    [Fact]
    public void Counts_that_began_again_and_are_higher_by_now_but_for_broken_answers_stand_alone()
    {
        var before = Counts(1000, 6, 5) with { Failed = 6 };
        var again = Counts(1100, 12, 5);
        Assert.Equal(again, again.Since(before));
    }

    /// <summary>Records of earlier versions don't have the counter.</summary>
    [Theory]
    [InlineData("one", "another", 1210, 1210)]
    [InlineData("one", "one", 10, 210)]
    [InlineData(null, "another", 10, 210)]
    [InlineData("one", null, 10, 210)]
    public void Counts_of_another_counter_stand_alone_however_high_they_are(string? before, string? now, long fresh, long old)
    {
        var (start, earlier) = (Counts(1000, 0, 5) with { Counter = before }, Counts(1200, 0, 5) with { Counter = before });
        var later = Counts(1210, 6, 5) with { Counter = now };
        Assert.Equal((fresh, 6), (later.Since(earlier).Requests, later.Since(earlier).Errors));
        Assert.Equal(old, TrafficJudge.Comparable(later, earlier, start).Requests);
    }

    /// <summary>The old processes answer in 100 ms, so that more than 150 ms are late.</summary>
    [Theory]
    [InlineData(0, 300, 3000, 1000, 0, "took more than 150 ms for 100 % of requests, 300 of which clients gave up (before: 0 %)")]
    [InlineData(0, 300, 3000, 1000, 60, "took more than 150 ms for 100 % of requests, 300 of which clients gave up (before: 5.7 %)")]
    [InlineData(94, 6, 3000, 1000, 0, "took more than 150 ms for 6 % of requests, 6 of which clients gave up (before: 0 %)")]
    [InlineData(95, 5, 3000, 1000, 0, null)]
    [InlineData(70, 30, 3000, 700, 300, null)]
    [InlineData(60, 40, 3000, 700, 300, null)]
    [InlineData(40, 60, 3000, 700, 300, "took more than 150 ms for 60 % of requests, 60 of which clients gave up (before: 30 %)")]
    [InlineData(100, 900, 140, 1000, 0, null)]
    public void A_client_that_gives_up_late_has_waited_as_long_at_least(
        int answers, int givenUp, int waited, int answersBefore, int givenUpBefore, string? reason)
    {
        var fresh = Counts(answers, 0, 100) with { Requests = answers + givenUp, GivenUp = [new(Ms(waited), givenUp)] };
        var old = Counts(answersBefore, 0, 100) with { Requests = answersBefore + givenUpBefore, GivenUp = [new(Ms(waited), givenUpBefore)] };
        Assert.Equal(reason, Judgment.Decide(Web, new(), fresh, old, isOver: true, staysSlow: true)!.Reason);
        Assert.Equal(reason is not null, Judgment.IsSlow(new(), fresh, old));
        Assert.Null(Judgment.Decide(Web, new(), fresh, old, isOver: true, staysSlow: false)!.Reason);
    }

    [Theory]
    [InlineData(55, 1, false)]
    [InlineData(55, 28, true)]
    public void The_first_clients_that_give_up_say_nothing_of_those_that_wait(long requests, long givenUp, bool isSlow)
    {
        var fresh = new RequestCounts(requests, 0, []) { GivenUp = [new(Ms(3000), givenUp)] };
        Assert.Equal(isSlow, Judgment.IsSlow(new(), fresh, Counts(100, 0, 100)));
    }

    [Fact]
    public void Clients_that_leave_early_hide_no_slow_answers()
    {
        var fresh = new RequestCounts(1100, 0, [new(Ms(100), 94), new(Ms(900), 6)]) { GivenUp = [new(Ms(20), 1000)] };
        Assert.Equal(
            "answered 95 % of requests within 900 ms (before: 100 ms)",
            Judgment.Decide(Web, new(), fresh, Counts(100, 0, 100), isOver: true, staysSlow: true)!.Reason);
    }

    [Fact]
    public void Limits_are_those_of_the_manifest()
    {
        Assert.Equal(VerdictOutcome.Good,
            Judgment.Decide(Web, new(10, 5), Counts(100, 9, 400), Counts(100, 0, 100), isOver: true, staysSlow: true)!.Outcome);
        Assert.Equal(VerdictOutcome.Bad,
            Judgment.Decide(Web, new(0.5m), Counts(1000, 6, 5), Counts(100, 0, 5), isOver: true, staysSlow: true)!.Outcome);
    }

    [Fact]
    public void Counts_since_an_earlier_moment_are_the_difference_and_those_that_began_again_stand_alone()
    {
        var (earlier, later) = (Counts(100, 5, 10), new RequestCounts(160, 9, [new(Ms(10), 100), new(Ms(80), 60)]));
        var between = later.Since(earlier);
        Assert.Equal((60, 4, Ms(80)), (between.Requests, between.Errors, between.Percentile(0.95)));
        Assert.Equal(earlier, earlier.Since(later));
        Assert.Null(RequestCounts.None.Percentile(0.95));
    }

    [Theory]
    [InlineData(95, 5, 10)]
    [InlineData(94, 6, 500)]
    public void The_p95_is_the_time_within_which_95_of_100_came(long fast, long slow, int p95) =>
        Assert.Equal(Ms(p95), new RequestCounts(fast + slow, 0, [new(Ms(10), fast), new(Ms(500), slow)]).Percentile(0.95));

    private static RequestCounts Counts(long requests, long errors, int milliseconds) =>
        new(requests, errors, [new(Ms(milliseconds), requests)]);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
