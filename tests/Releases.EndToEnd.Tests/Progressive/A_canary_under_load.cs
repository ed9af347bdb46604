using Xunit;

namespace Releases.EndToEnd.Tests.Progressive;

/// <summary>Promotions by steps while 50 connections ask: nobody loses a request, and a worse release is judged and rolled back.</summary>
[Collection("racks")]
public sealed class A_canary_under_load
{
    /// <summary>How long answers take on a machine that runs other tests decides nothing here.</summary>
    private const string ByErrors = "judge: { errors: 2, latency: 100 }";

    [Fact]
    public async Task Gets_its_share_then_everything_and_no_request_fails()
    {
        await using var app = await SteppedRack.Make(
            $"deployment: {{ strategy: canary, percent: 10, interval: 60s, bake: 10s, {ByErrors} }}");
        await using var visitors = await Visitors.Of(app.Rack);
        var promoting = app.Rack.Start("promote");
        await app.UntilStep(1, promoting);
        var (count, share) = await visitors.Share(app.Next.Id, 10_000, async () => (await app.Rack.LastPromotion()).Traffic?.Step == 1);
        Assert.True(count >= 1_000, $"only {count} requests in the step");
        Assert.InRange(share, 8, 12);

        var (run, promotion) = await app.Succeeds(promoting);
        var answers = await visitors.Stop(app.Old.Id, app.Next.Id);
        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(app.Next.Id, answers[^1].Release);
        Assert.Equal([0, 10, 100, 100], promotion.Steps.Select(s => s.Percent));
        Assert.All(promotion.Steps.Skip(1).Take(2).Select(s => s.Verdicts.Single()), v => Assert.Equal(VerdictOutcome.Good, v.Outcome));
        Assert.Contains("Traffic: 10 % for 1m\n", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^web: 0 % with 5xx or broken off \(before: 0 %\), p95 .+ ms \(before: .+ ms\), \d+ requests$", run.Error);
        Assert.Contains("Traffic: 100 % with the old processes kept for 10s\n", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^1 +10 % +(1m|60s) .* web: 0 % with 5xx or broken off ", await app.Rack.Do("promotions", "info"));
        Assert.Single(app.Rack.LivingProcesses());
    }

    [Fact]
    public async Task Goes_back_by_judgment_if_it_answers_with_errors_and_few_have_seen_one()
    {
        await using var app = await SteppedRack.Make(
            $"deployment: {{ strategy: canary, percent: 10, interval: 10m, bake: 5m, {ByErrors} }}, environment: [ERRORS=5]");
        await using var visitors = await Visitors.Of(app.Rack);
        var (_, promotion) = await app.Fails(app.Rack.Start("promote"), @"web answered \d+(\.\d)? % with 5xx \(before: 0 %\)\.");
        var answers = await visitors.Stop(app.Old.Id, app.Next.Id, app.Old.Id);
        Assert.All(answers.Where(a => a.Status != 200), a => Assert.Equal((app.Next.Id, 500), (a.Release, a.Status)));
        // Between the first and the last answer of the new one, its share is that of the step, and of visitors who stay with it.
        var first = answers.TakeWhile(a => a.Release != app.Next.Id).Count();
        var during = answers.Skip(first).Reverse().SkipWhile(a => a.Release != app.Next.Id).ToList();
        Assert.InRange(100.0 * during.Count(a => a.Release == app.Next.Id) / during.Count, 5, 15);
        var verdict = promotion.Steps[^1].Verdicts.Single();
        Assert.Equal((VerdictOutcome.Bad, 1), (verdict.Outcome, promotion.Steps[^1].Step));
        Assert.True(verdict is { Requests: >= 50, Errors: > 0, ErrorsBefore: 0, RequestsBefore: > 0 }, verdict.ToString());
    }

    [Fact]
    public async Task Goes_back_by_judgment_if_it_is_three_times_as_slow_and_no_request_fails()
    {
        await using var app = await SteppedRack.Make(
            "deployment: { strategy: canary, percent: 30, interval: 10m, bake: 5m }, environment: [DELAY=900]", "environment: [DELAY=300]");
        await using var visitors = await Visitors.Of(app.Rack);
        var (_, promotion) = await app.Fails(
            app.Rack.Start("promote"), @"web answered 95 % of requests within \d+ ms \(before: \d+ ms\)\.");
        Assert.All(await visitors.Stop(app.Old.Id, app.Next.Id, app.Old.Id), a => Assert.Equal(200, a.Status));
        var verdict = promotion.Steps[^1].Verdicts.Single();
        Assert.True(verdict is { Outcome: VerdictOutcome.Bad, Errors: 0, P95: > 900, P95Before: > 300 }, verdict.ToString());
    }

    [Fact]
    public async Task Goes_back_by_judgment_if_it_hangs()
    {
        await using var app = await SteppedRack.Make(
            "drain: 1, deployment: { strategy: canary, percent: 30, interval: 10m, bake: 5m }, environment: [DELAY=600000]", "drain: 1");
        await using var visitors = await Visitors.Of(app.Rack);
        var (_, promotion) = await app.Fails(
            app.Rack.Start("promote"), @"web left \d+(\.\d)? % unanswered for \d+ s \(before: \d+(\.\d)? %\)\.");
        Assert.DoesNotContain(visitors.Answers, a => a is { Status: 200 } && a.Release == app.Next.Id);
        var verdict = promotion.Steps[^1].Verdicts.Single();
        Assert.True(verdict is { Outcome: VerdictOutcome.Bad, Errors: 0 } && verdict.Unanswered > verdict.UnansweredBefore, verdict.ToString());
    }

    [Fact]
    public async Task Goes_back_together_with_the_other_service_if_it_is_the_second_one_that_fails()
    {
        const string steps = $"deployment: {{ strategy: canary, percent: 50, interval: 10m, bake: 5m, {ByErrors} }}";
        await using var app = await SteppedRack.Make(
            [("web", steps), ("api", $"{steps}, environment: [ERRORS=50]")], [("web", ""), ("api", "")]);
        var (web, api) = (await app.Rack.Processes("web"), await app.Rack.Processes("api"));
        await using var visitors = await Visitors.Of(app.Rack, "api");
        var (_, promotion) = await app.Fails(app.Rack.Start("promote"), @"api answered \d+(\.\d)? % with 5xx \(before: 0 %\)\.");
        await visitors.Stop(app.Old.Id, app.Next.Id, app.Old.Id);
        Assert.Equal("api", $"{promotion.FailedService}");
        Assert.Equal(web, await app.Rack.Processes("web"));
        Assert.Equal(api, await app.Rack.Processes("api"));
        Assert.Equal(2, app.Rack.LivingProcesses().Count);
    }

    [Fact]
    public async Task Shows_nobody_what_fails_its_verification()
    {
        await using var app = await SteppedRack.Make(
            "verify: 'echo \"tried $TARGET_URL\"; exit 3', deployment: { strategy: canary, percent: 10, interval: 10m }");
        await using var visitors = await Visitors.Of(app.Rack);
        var (run, promotion) = await app.Fails(app.Rack.Start("promote"), @"the verify command of web exited with code 3\.");
        Assert.All(await visitors.Stop(app.Old.Id), a => Assert.Equal((app.Old.Id, 200), (a.Release, a.Status)));
        Assert.Equal(3, promotion.VerifyCommands.Single().ExitCode);
        Assert.Contains("web: verify command ended with code 3\n", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^The verify command of web printed:\n  tried http://127\.0\.0\.1:\d+\nerror CONVOX0024: ", run.Error);
    }
}
