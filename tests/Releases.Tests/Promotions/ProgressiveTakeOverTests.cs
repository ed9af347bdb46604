using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>
/// A driver of a promotion by steps is killed before or after each of its writes and effects, or at any moment of a step, a bake or a hold;
/// another one brings it to the same end, at the same time.
/// </summary>
public sealed class ProgressiveTakeOverTests
{
    private const string Everything =
        """
        services:
          web: { port: 8080, verify: ./smoke.sh, deployment: { strategy: canary, percent: 10, interval: 40s, bake: 30s } }
          worker: { deployment: { strategy: linear, percent: 40, interval: 15s, bake: 10s } }
        """;

    /// <summary>A driver that takes over looks once more, and asks for everything again: that takes it a moment.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(4);

    public enum RolloutEnding
    {
        Succeeds,
        IsHeldAndApproved,
        IsHeldAndExpires,
        FailsWithTraffic,
        IsJudgedBad,
        FailsItsVerification,
    }

    [Fact]
    public async Task Only_a_promotion_with_a_hold_or_a_plan_has_a_lock_that_versions_without_them_cannot_read()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        Assert.Equal(1, (await scenario.Begin(scenario.V2)).Format);
        scenario = await PromoteScenario.WithTwoReleases();
        Assert.Equal(2, (await scenario.Begin(scenario.V2, holdFor: TimeSpan.FromHours(1))).Format);
        foreach (var plan in (string[])["verify: ./smoke.sh", "deployment: { strategy: canary }", "deployment: { strategy: blue-green }"])
        {
            scenario = await PromoteScenario.WithTwoReleases();
            var next = await scenario.AddRelease($"services:\n  web:\n    port: 8080\n    {plan}\n");
            Assert.Equal(2, (await scenario.Begin(next, TimeSpan.FromMinutes(1))).Format);
        }
    }

    [Theory]
    [InlineData(RolloutEnding.Succeeds, 40)]
    [InlineData(RolloutEnding.IsHeldAndApproved, 44)]
    [InlineData(RolloutEnding.IsHeldAndExpires, 20)]
    [InlineData(RolloutEnding.FailsWithTraffic, 25)]
    [InlineData(RolloutEnding.IsJudgedBad, 30)]
    [InlineData(RolloutEnding.FailsItsVerification, 18)]
    public async Task Whenever_the_driver_dies_its_successor_brings_it_to_the_same_end(RolloutEnding ending, int least)
    {
        var whole = await Run(Everything, ending, killAtStep: int.MaxValue);
        Assert.InRange(whole.Steps, least, 200);
        for (var step = 1; step <= whole.Steps; step++) Same(whole, await Run(Everything, ending, step), $"killed at step {step}");
    }

    [Theory]
    [InlineData(RolloutEnding.Succeeds)]
    [InlineData(RolloutEnding.IsHeldAndApproved)]
    [InlineData(RolloutEnding.IsHeldAndExpires)]
    public async Task No_time_begins_again_when_a_driver_dies_in_a_step_a_bake_or_a_hold(RolloutEnding ending)
    {
        var whole = await Run(Everything, ending, killAtStep: int.MaxValue);
        for (var wait = 1; wait <= whole.Waits; wait++)
            Same(whole, await Run(Everything, ending, int.MaxValue, wait), $"killed at wait {wait}");
    }

    [Property(MaxTest = 150)]
    public Property Any_plan_comes_to_the_same_end_wherever_its_driver_is_killed() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
        seed =>
        {
            var random = new Random(seed);
            var (manifest, ending) = (Manifest(random), (RolloutEnding)random.Next(6));
            var whole = Run(manifest, ending, int.MaxValue).GetAwaiter().GetResult();
            var killed = random.Next(2) == 0
                ? Run(manifest, ending, random.Next(1, whole.Steps + 1)).GetAwaiter().GetResult()
                : Run(manifest, ending, int.MaxValue, random.Next(1, whole.Waits + 1)).GetAwaiter().GetResult();
            Same(whole, killed, $"{ending} of {manifest}");
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_old_ones_were_asked_before_the_bake_counts_after_a_crash_that_took_the_counters_along(bool counterIsLost)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var next = await scenario.AddRelease(
            "services: { web: { port: 8080, deployment: { strategy: blue-green, bake: 60 } }, worker: {} }");
        var (killed, fresh) = (false, 0);
        // 4 % of 1000 went wrong before: 5 % of the new ones' is within the limit of 2 more, and wouldn't be without that.
        scenario.Engine.Counts = service => scenario.Engine.ShareOf(service) == 0 ? new(RequestCounts.None, new(1000, 40, []))
            : new(new(fresh += 20, fresh / 20, []), killed && counterIsLost ? RequestCounts.None : new(1000, 40, []));
        var held = await scenario.Begin(next, TimeSpan.FromMinutes(2));
        var waits = 0;
        scenario.Engine.Waiting = _ =>
            scenario.Engine.ShareOf("web") == 100 && !killed && ++waits == 3 ? throw new KilledException("a wait") : Task.CompletedTask;
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));
        (killed, fresh) = (true, 0);
        var seen = (await scenario.Store.FindLock(scenario.App))!;
        await scenario.Driver.Drive((await scenario.Store.TakeOver(seen, "successor", scenario.By(EventKind.PromotionTakenOver)))!,
            CancellationToken.None);

        var ended = (await scenario.Store.FindPromotion(scenario.App, held.Promotion))!;
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        var verdict = ended.Steps.Single(s => s is { Percent: 100, Verdicts: [_, ..] }).Verdicts.Single(v => v.Service.ToString() == "web");
        Assert.Equal((VerdictOutcome.Good, 1000, 40), (verdict.Outcome, verdict.RequestsBefore, verdict.ErrorsBefore));
        Assert.All(ended.Steps.SkipLast(1), s => Assert.Empty(s.Counted));
    }

    /// <summary>The errors of processes that just started are few among all requests, and many among those beyond the recorded ones.</summary>
    [Fact]
    public async Task What_a_successor_counts_is_not_compared_with_what_was_counted_before_it()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var next = await scenario.AddRelease(
            "services: { web: { port: 8080, deployment: { strategy: canary, percent: 10, interval: 120, bake: 120 } }, worker: {} }");
        var (counter, began, recorded) = ("first", scenario.Time.GetUtcNow(), 0L);
        scenario.Engine.Counts = _ =>
        {
            var since = (long)(scenario.Time.GetUtcNow() - began).TotalSeconds * 25;
            var fresh = counter == "first" ? new RequestCounts(since, 0, []) : new(recorded + 50 + since, 6, []);
            return new(fresh with { Counter = counter }, new(1000, 0, []) { Counter = $"old {counter}" });
        };
        var held = await scenario.Begin(next, TimeSpan.FromMinutes(2));
        scenario.Engine.Waiting = _ => scenario.Engine.ShareOf("web") == 100 && counter == "first"
            ? throw new KilledException("a wait") : Task.CompletedTask;
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));
        var bake = (await scenario.Store.FindPromotion(scenario.App, held.Promotion))!.Steps[^1];
        (counter, began, recorded) = ("second", scenario.Time.GetUtcNow(), bake.Counted.Single(c => c.Service == A.Web).New.Requests);
        var seen = (await scenario.Store.FindLock(scenario.App))!;
        var ended = await scenario.Driver.Drive(
            (await scenario.Store.TakeOver(seen, "successor", scenario.By(EventKind.PromotionTakenOver)))!, CancellationToken.None);

        Assert.InRange(recorded, 1000, 10_000);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(6, ended.Steps.Single(s => s.Step == bake.Step).Verdicts.Single(v => v.Service == A.Web).Errors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_step_in_which_nobody_asked_the_new_processes_since_a_crash_is_held_once_more(bool hasTraffic)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var next = await scenario.AddRelease(
            "services: { web: { port: 8080, deployment: { strategy: canary, percent: 10, interval: 30, bake: 10 } }, worker: {} }");
        var (killed, fresh) = (false, 10);
        var stepEnds = DateTimeOffset.MaxValue;
        scenario.Engine.Counts = service => service != "web" ? null : new(
            killed && hasTraffic && scenario.Time.GetUtcNow() > stepEnds ? new(fresh += 20, fresh / 2, []) : new(killed ? 0 : 10, 0, []),
            new(1000, 0, []));
        var held = await scenario.Begin(next, TimeSpan.FromMinutes(2));
        scenario.Engine.Waiting = async cancel =>
        {
            if (killed || scenario.Engine.ShareOf("web") != 10) return;
            stepEnds = (await scenario.Store.FindPromotion(scenario.App, held.Promotion, cancel))!.Traffic!.Since.AddSeconds(30);
            // Its successor's processes are healthy only after the time of the step.
            if (scenario.Time.GetUtcNow() >= stepEnds.AddSeconds(-2)) throw new KilledException("a wait");
        };
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));
        killed = true;
        var limit = (await scenario.Store.FindPromotion(scenario.App, held.Promotion))!.Deadline;
        scenario.Time.Advance(TimeSpan.FromSeconds(2));
        var seen = (await scenario.Store.FindLock(scenario.App))!;
        var ended = await scenario.Driver.Drive(
            (await scenario.Store.TakeOver(seen, "successor", scenario.By(EventKind.PromotionTakenOver)))!, CancellationToken.None);

        Assert.InRange(ended.Deadline - limit, TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(35));
        if (hasTraffic)
        {
            Assert.Equal((PromotionStatus.Failed, 10), (ended.Status, ended.Steps[^1].Percent));
            Assert.Matches("^web answered [0-9.]+ % with 5xx", ended.Reason);
            return;
        }

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.InRange(ended.Steps[1].EndedAt!.Value - ended.Steps[1].Since, TimeSpan.FromSeconds(58), TimeSpan.FromSeconds(65));
        Assert.Equal(VerdictOutcome.NotJudged, Assert.Single(ended.Steps[1].Verdicts).Outcome);
    }

    private static string Manifest(Random random)
    {
        return $"services: {{ web: {{ port: 8080, {(random.Next(2) == 0 ? "verify: ./smoke.sh, " : "")}deployment: {Deployment()} }}, worker: {{ deployment: {Deployment()} }} }}";

        string Deployment() => random.Next(4) switch
        {
            0 => "{ strategy: rolling }",
            1 => $"{{ strategy: blue-green, bake: {random.Next(0, 40)} }}",
            2 => $"{{ strategy: canary, percent: {random.Next(1, 100)}, interval: {random.Next(1, 40)}, bake: {random.Next(0, 40)} }}",
            _ => $"{{ strategy: linear, percent: {random.Next(15, 100)}, interval: {random.Next(1, 20)}, bake: {random.Next(0, 20)} }}",
        };
    }

    private static void Same(Result whole, Result killed, string how)
    {
        Assert.True(
            (killed.Promotion.Status, killed.Promotion.FailedService) == (whole.Promotion.Status, whole.Promotion.FailedService),
            $"{how}: {killed.Promotion.Status}, {killed.Promotion.Reason}");
        Assert.Equal(whole.Promotion.Steps.Select(s => (s.Step, s.Percent)), killed.Promotion.Steps.Select(s => (s.Step, s.Percent)));
        Assert.Equal((whole.Web, whole.Worker), (killed.Web, killed.Worker));
        var (before, after) = (whole.Promotion.EndedAt - whole.Promotion.StartedAt, killed.Promotion.EndedAt - killed.Promotion.StartedAt);
        Assert.True(after - before <= Moment, $"{how}: it took {after} instead of {before}");
    }

    /// <summary>Drives it until its driver is killed at a write or an effect, or at a wait, and then until it ends.</summary>
    private static async Task<Result> Run(string manifest, RolloutEnding ending, int killAtStep, int killAtWait = int.MaxValue)
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var (engine, store, steps, waits) = (scenario.Engine, scenario.Store, 0, 0);
        var next = await scenario.AddRelease(manifest);
        Arrange(engine, scenario, ending);
        var held = await scenario.Begin(
            next, TimeSpan.FromMinutes(2),
            holdFor: ending is RolloutEnding.IsHeldAndApproved or RolloutEnding.IsHeldAndExpires ? TimeSpan.FromSeconds(60) : null);
        scenario.Store = KilledStore.Around(store, _ => Die());
        engine.BeforeEffect = effect =>
        {
            if (Die()) throw new KilledException(effect);
        };
        engine.Waiting = async cancel =>
        {
            if (ending == RolloutEnding.IsHeldAndApproved
                && (await store.FindPromotion(scenario.App, held.Promotion, cancel))!.Hold is { IsWaiting: true, Since: { } since }
                && scenario.Time.GetUtcNow() >= since.AddSeconds(30))
                await store.Approve(scenario.App, held.Promotion, scenario.By(EventKind.PromotionApproved), cancel);
            if (++waits == killAtWait) throw new KilledException("a wait");
        };
        try
        {
            await scenario.Driver.Drive(held, CancellationToken.None);
        }
        catch (KilledException)
        {
            scenario.Store = store;
            engine.BeforeEffect = _ => { };
            if (await store.FindLock(scenario.App) is { } seen)
                await scenario.Driver.Drive((await store.TakeOver(seen, "successor", scenario.By(EventKind.PromotionTakenOver)))!,
                    CancellationToken.None);
        }

        var promotion = (await store.FindPromotion(scenario.App, held.Promotion))!;
        Assert.Null(await store.FindLock(scenario.App));
        Assert.Equal(promotion.Status == PromotionStatus.Succeeded ? next.Id : scenario.V1.Id, (await store.FindApp(scenario.App))!.Active);
        Assert.Equal(engine.Effects.Distinct(), engine.Effects);
        var ours = promotion.Status == PromotionStatus.Succeeded ? held.Promotion : scenario.FirstPromotion;
        return new(promotion, engine.Runs("web") == ours, engine.Runs("worker") == ours, steps, waits);

        bool Die() => ++steps == killAtStep;
    }

    private static void Arrange(FakeEngine engine, PromoteScenario scenario, RolloutEnding ending)
    {
        var began = scenario.Time.GetUtcNow();
        engine.Counts = service =>
        {
            var requests = (long)(scenario.Time.GetUtcNow() - began).TotalSeconds * 20;
            var bad = ending == RolloutEnding.IsJudgedBad && service == "web" && engine.ShareOf(service) > 0;
            return new(new(requests, bad ? requests / 2 : 0, []), new(requests, 0, []));
        };
        if (ending == RolloutEnding.FailsWithTraffic) engine.Outcomes[ServiceName.Parse("web")] = RolloutOutcome.FailsWithTraffic;
        if (ending == RolloutEnding.FailsItsVerification) engine.Verifies = (_, _) => Task.FromResult(new CommandEnd(1, ["no"]));
    }

    private sealed record Result(Promotion Promotion, bool Web, bool Worker, int Steps, int Waits);
}
