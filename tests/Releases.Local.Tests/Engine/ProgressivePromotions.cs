using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>Promotions by steps with real processes and requests: shares, judgment, verify, hold, and everything back when one
/// fails.</summary>
public sealed class ProgressivePromotions
{
    private const string Plain = "port: 8080, health: /health";

    /// <summary>How long answers take on a machine that runs other tests decides nothing here.</summary>
    private const string Canary = Plain
        + ", deployment: { strategy: canary, percent: 10, interval: 2m, bake: 5m, judge: { errors: 2, latency: 50 } }";
    private const string SlowCanary = Plain
        + ", deployment: { strategy: canary, percent: 50, interval: 2m, bake: 5m }, environment: [DELAY=2000]";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Bake = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_canary_gets_its_share_then_everything_and_no_request_fails()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(run, Plain, Canary);
        var promotion = await run.Promote(next);

        await run.UntilStep(promotion, 1, next.Id);
        var answers = await run.Ask(10_000);
        Assert.InRange(answers.Count(a => a.Release == next.Id), 800, 1200);

        run.Pass(Interval);
        await run.UntilStep(promotion, 2, next.Id);
        Assert.All(await run.Ask(200), a => Assert.Equal(next.Id, a.Release));
        Assert.Contains(run.World.Processes, p => p.Release == old.Id && p.Status == ProcessStatus.Healthy);
        Assert.Equal((old.Id, old.Id.ToString()), await run.AskFor(old.Id));

        run.Pass(Bake);
        var ended = await run.AskUntilTheEnd(promotion);
        Assert.Equal((next.Id, null), await run.AskFor(null));
        Assert.Equal((next.Id, next.Id.ToString()), await run.AskFor(old.Id));
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.All(run.Responses, a => Assert.Equal(200, a.Status));
        Assert.DoesNotContain(run.World.Processes, p => p.Release == old.Id);
        var verdict = ended.Steps[1].Verdicts.Single();
        Assert.True(verdict.Outcome == VerdictOutcome.Good, verdict.Reason);
        Assert.InRange(verdict.Requests, 800, 2000);
    }

    [Fact]
    public async Task A_visitor_of_a_canary_stays_with_the_release_that_he_met()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(run, Plain, Canary);
        var promotion = await run.Promote(next);
        await run.UntilStep(promotion, 1, next.Id);

        var met = new List<ReleaseId>();
        for (var i = 0; i < 40; i++) met.AddRange((await run.Visit(5)).Distinct());
        Assert.Equal(40, met.Count);
        Assert.Equal(4, met.Count(r => r == next.Id));

        await run.World.Rack.Store.RequestCancel(A.App, promotion.Id, A.Event(EventKind.PromotionCancelRequested),
            TestContext.Current.CancellationToken);
        Assert.Equal(PromotionStatus.Cancelled, (await promotion.Ended).Status);
        await IsBack(run, old);
    }

    [Fact]
    public async Task A_canary_that_answers_with_errors_goes_back_by_judgment()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(run, Plain, Canary + ", environment: [ERRORS=5]");
        var ended = await run.AskUntilTheEnd(await run.Promote(next));

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Matches(@"^web answered \d+(\.\d)? % with 5xx \(before: 0 %\)\.$", ended.Reason);
        Assert.DoesNotContain(run.Responses, a => a.Release == old.Id && a.Status != 200);
        Assert.True(run.Responses.Count(a => a.Release == next.Id) <= run.Responses.Count * 0.12 + 20);
        await IsBack(run, old);
    }

    [Fact]
    public async Task A_canary_that_is_slow_goes_back_by_judgment()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(
            run, Plain + ", environment: [DELAY=20]", SlowCanary);
        var ended = await run.AskUntilTheEnd(await run.Promote(next));

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Matches(@"^web answered 95 % of requests within \d+ ms \(before: \d+ ms\)\.$", ended.Reason);
        Assert.All(run.Responses, a => Assert.Equal(200, a.Status));
        await IsBack(run, old);
    }

    [Fact]
    public async Task A_canary_without_traffic_is_not_judged()
    {
        await using var run = await ProgressiveRun.Make();
        var (_, next) = await Two(run, Plain, Canary);
        var promotion = await run.Promote(next);
        foreach (var (step, time) in new[] { (1, Interval), (2, Bake) })
        {
            await run.Until(promotion, p => p.Traffic?.Step == step);
            run.Pass(time);
        }

        var ended = await promotion.Ended;
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.All(ended.Steps.Skip(1).Take(2), s => Assert.Equal("not judged: no traffic", s.Verdicts.Single().Reason));
    }

    [Fact]
    public async Task A_process_that_dies_in_the_bake_takes_everything_back()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(run, Plain, Plain + ", deployment: { strategy: blue-green, bake: 5m }");
        var promotion = await run.Promote(next);
        await run.UntilStep(promotion, 1, next.Id);
        await EngineRun.Kill(run.World.Processes.Single(p => p.Release == next.Id).ProcessId!.Value);

        var ended = await promotion.Ended;
        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Matches(@"^web .+; the release had 100 % of the traffic\.$", ended.Reason);
        await IsBack(run, old);
    }

    [Fact]
    public async Task What_fails_its_verification_is_seen_by_nobody()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(run, Plain, Canary + ", verify: 'echo \"tried $RELEASE at $TARGET_URL\"; exit 3'");
        var ended = await run.AskUntilTheEnd(await run.Promote(next));

        Assert.Equal((PromotionStatus.Failed, "the verify command of web exited with code 3."), (ended.Status, ended.Reason));
        Assert.Matches($@"^tried {next.Id} at http://127\.0\.0\.1:\d+$", Assert.Single(ended.VerifyCommands.Single().LastLines));
        Assert.All(run.Responses, a => Assert.Equal((old.Id, 200), a));
        await IsBack(run, old);
    }

    [Fact]
    public async Task A_held_release_can_be_tried_and_takes_over_once_it_is_approved()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(run, Plain, Plain + ", verify: 'case $TARGET_URL in http://127.0.0.1:*) exit 0;; esac; exit 9'");
        var promotion = await run.Promote(next, holdFor: TimeSpan.FromHours(1));
        await run.Until(promotion, p => p.Hold!.IsWaiting || p.Ended);
        Assert.All(await run.Ask(100), a => Assert.Equal((old.Id, 200), a));
        var service = run.World.Services.Single();
        Assert.Equal((old.Id, next.Id), (service.Release, service.Candidate!.Release));
        using (var client = new HttpClient())
            Assert.StartsWith(next.Id.ToString(), await client.GetStringAsync(service.Candidate.Url, TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        Assert.Equal((next.Id, next.Id.ToString()), await run.AskFor(next.Id));
        Assert.Equal((old.Id, old.Id.ToString()), await run.AskFor(null));

        await run.Approve(promotion);
        var ended = await run.AskUntilTheEnd(promotion);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(A.Person, ended.Hold!.ApprovedBy);
        Assert.All(run.Responses, a => Assert.Equal(200, a.Status));
        Assert.Equal(next.Id, (await run.Ask()).Release);
    }

    [Fact]
    public async Task A_held_release_that_nobody_approves_goes_back()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(run, Plain, Plain);
        var promotion = await run.Promote(next, holdFor: TimeSpan.FromMinutes(30));
        await run.Until(promotion, p => p.Hold!.IsWaiting || p.Ended);
        run.Pass(TimeSpan.FromMinutes(30));
        var ended = await run.AskUntilTheEnd(promotion);
        Assert.Equal((PromotionStatus.Failed, "nobody approved it within 30m."), (ended.Status, ended.Reason));
        Assert.All(run.Responses, a => Assert.Equal((old.Id, 200), a));
        await IsBack(run, old);
    }

    [Fact]
    public async Task An_old_process_that_dies_while_a_release_is_held_is_started_again()
    {
        await using var run = await ProgressiveRun.Make();
        var (old, next) = await Two(run, Plain, Plain);
        var promotion = await run.Promote(next, holdFor: TimeSpan.FromMinutes(30));
        await run.Until(promotion, p => p.Hold!.IsWaiting || p.Ended);
        var first = run.World.Processes.Single(p => p.Release == old.Id);
        await EngineRun.Kill(first.ProcessId!.Value);
        await Patience.Until(() =>
            Task.FromResult(run.World.Processes.Any(p => p.Release == old.Id && p.Id != first.Id && p.Status == ProcessStatus.Healthy)));
        Assert.Equal((old.Id, 200), await run.Ask());
        await run.World.Rack.Store.RequestCancel(A.App, promotion.Id, A.Event(EventKind.PromotionCancelRequested),
            TestContext.Current.CancellationToken);
        Assert.Equal(PromotionStatus.Cancelled, (await promotion.Ended).Status);
        await IsBack(run, old);
    }

    [Fact]
    public async Task If_the_second_services_canary_fails_both_go_back()
    {
        await using var run = await ProgressiveRun.Make();
        var old = await run.Release($"  web: {{ {Plain} }}\n  api: {{ {Plain} }}\n", "web", "api");
        await run.Active(old);
        var next = await run.Release($"  web: {{ {Canary} }}\n  api: {{ {Canary}, environment: [ERRORS=50] }}\n", "web", "api");
        var ended = await run.AskUntilTheEnd(await run.Promote(next), "api");
        Assert.Equal((PromotionStatus.Failed, "api"), (ended.Status, ended.FailedService!.Value.ToString()));
        await IsBack(run, old, "web", "api");
    }

    [Fact]
    public async Task A_service_that_stays_without_processes_is_complete_at_once()
    {
        await using var run = await ProgressiveRun.Make();
        var old = await run.Release($"  web: {{ {Plain} }}\n  api: {{ {Plain}, scale: 0 }}\n", "web", "api");
        await run.Active(old);
        var next = await run.Release(
            $"  web: {{ {Plain} }}\n  api: {{ {Canary}, scale: 0, verify: 'exit 3' }}\n", "web", "api");
        var promotion = await run.Promote(next, holdFor: TimeSpan.FromHours(1));
        await run.Until(promotion, p => p.Hold!.IsWaiting || p.Ended);
        var api = (await run.Read(promotion)).Services.Single(s => s.Service.ToString() == "api");
        Assert.Equal((ServiceStatus.Complete, EmptyRollout.NotVerified), (api.Status, api.Reason));
        await run.Approve(promotion);
        var ended = await run.AskUntilTheEnd(promotion);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal([0, 100], ended.Steps.Select(s => s.Percent));
        Assert.All(run.Responses, a => Assert.Equal(200, a.Status));
    }

    [Fact]
    public async Task Processes_of_a_service_that_loses_all_of_them_serve_until_the_others_have_taken_over()
    {
        await using var run = await ProgressiveRun.Make();
        var old = await run.Release($"  web: {{ {Plain} }}\n  api: {{ {Plain} }}\n", "web", "api");
        await run.Active(old);
        var next = await run.Release($"  web: {{ {Canary} }}\n  api: {{ {Canary}, scale: 0 }}\n", "web", "api");
        var promotion = await run.Promote(next);
        foreach (var (step, time) in new[] { (1, Interval), (2, Bake) })
        {
            await run.UntilStep(promotion, step, next.Id);
            Assert.All(await run.Ask(20, "api"), a => Assert.Equal((old.Id, 200), a));
            run.Pass(time);
        }

        var ended = await promotion.Ended;
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.All(ended.Steps.SelectMany(s => s.Verdicts), v => Assert.Equal("web", v.Service.ToString()));
        Assert.Equal(EmptyRollout.NotVerified, ended.Services.Single(s => s.Service.ToString() == "api").Reason);
        Assert.All(run.World.Processes, p => Assert.Equal("web", p.Service.ToString()));
    }

    [Theory]
    [InlineData("  api: { port: 8080, health: /health, scale: 0 }\n")]
    [InlineData("")]
    public async Task A_service_that_had_no_processes_answers_from_the_first_step(string before)
    {
        await using var run = await ProgressiveRun.Make();
        var old = await run.Release($"  web: {{ {Plain} }}\n{before}", before.Length > 0 ? ["web", "api"] : ["web"]);
        await run.Active(old);
        var next = await run.Release($"  web: {{ {Canary} }}\n  api: {{ {Plain} }}\n", "web", "api");
        var promotion = await run.Promote(next, holdFor: TimeSpan.FromHours(1));
        await run.Until(promotion, p => p.Hold!.IsWaiting || p.Ended);
        using (var client = new HttpClient())
        using (var answer = await client.GetAsync(run.World.Address("api"), TestContext.Current.CancellationToken))
            Assert.Equal(503, (int)answer.StatusCode);
        await run.Approve(promotion);
        foreach (var (step, time) in new[] { (1, Interval), (2, Bake) })
        {
            await run.UntilStep(promotion, step, next.Id);
            Assert.All(await run.Ask(20, "api"), a => Assert.Equal((next.Id, 200), a));
            run.Pass(time);
        }

        var ended = await promotion.Ended;
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
    }

    private static async Task<(Release Old, Release Next)> Two(ProgressiveRun run, string old, string next)
    {
        var first = await run.Release($"  web: {{ {old} }}\n", "web");
        await run.Active(first);
        return (first, await run.Release($"  web: {{ {next} }}\n", "web"));
    }

    private static async Task IsBack(ProgressiveRun run, Release old, params string[] services)
    {
        Assert.Equal(old.Id, (await run.World.Rack.Store.RequireApp(A.App, TestContext.Current.CancellationToken)).Active);
        foreach (var service in services.DefaultIfEmpty("web"))
            for (var i = 0; i < 20; i++) Assert.Equal((old.Id, 200), await run.Ask(service));
    }
}
