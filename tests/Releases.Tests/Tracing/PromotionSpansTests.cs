using Releases.Testing;
using Releases.Tests.Promotions;
using Xunit;

namespace Releases.Tests.Tracing;

/// <summary>Spans of promotions that were really driven.</summary>
public sealed class PromotionSpansTests
{
    private const string Everything =
        """
        services:
          web:
            build: Web
            port: 8080
            release: ./migrate
            verify: ./smoke.sh
            deployment: { strategy: canary, percent: 10, interval: 1m }
          worker:
            build: Worker
        """;

    private static readonly PromotionTrace Trace = PromotionTrace.Parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")!;

    [Fact]
    public async Task A_success_has_its_phases_services_commands_and_steps_in_the_callers_span()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var spans = Whole(await Promote(scenario, await scenario.AddRelease(Everything)));

        Assert.Equal(
            ["check", "promote hello", "release command of web", "roll out", "roll out web", "roll out worker", "traffic step 1",
                "traffic step 2", "traffic step 3", "traffic step 4", "verify command of web"],
            spans.Select(s => s.Name).Order(StringComparer.Ordinal));
        var root = spans[0];
        Assert.Equal("00f067aa0ba902b7", root.Parent);
        Assert.Equal(
            ["hello", "local", "succeeded"],
            ((string[])["deployment.name", "deployment.environment.name", "deployment.status"])
                .Select(k => root.Attributes.Single(a => a.Key == k).Value));
        Assert.All(spans, s => Assert.Null(s.Error));
        Assert.Contains(spans.Single(s => s.Name == "roll out web").Events, e => e.Name == "healthy");
        var release = spans.Single(s => s.Name == "release command of web");
        Assert.Contains(release.Attributes, a => a is { Key: "process.exit.code", Value: 0L });
    }

    [Fact]
    public async Task Commands_get_the_context_of_their_own_spans()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var spans = Whole(await Promote(scenario, await scenario.AddRelease(Everything)));

        var given = scenario.Engine.Commands.Select(c => PromotionTrace.Parse(c.Environment[PromotionTrace.Variable])!).ToList();
        Assert.All(given, g => Assert.Equal(Trace.TraceId, g.TraceId));
        Assert.Equal(
            ["release command of web", "verify command of web"], given.Select(g => spans.Single(s => s.Id == g.Parent).Name));
    }

    [Fact]
    public async Task Without_a_trace_commands_get_nothing_of_it()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        await scenario.Promote(await scenario.AddRelease(Everything));
        Assert.NotEmpty(scenario.Engine.Commands);
        Assert.All(scenario.Engine.Commands, c => Assert.DoesNotContain(PromotionTrace.Variable, c.Environment.Keys));
    }

    [Fact]
    public async Task A_failure_names_the_service_and_has_the_rollback()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Outcomes[ServiceName.Parse("worker")] = RolloutOutcome.Fails;
        var ended = await Promote(scenario, scenario.V2);
        var spans = Whole(ended);

        Assert.Equal(PromotionStatus.Failed, ended.Status);
        Assert.Equal(ended.Reason, spans[0].Error);
        Assert.Equal("failed", spans[0].Attributes.Single(a => a.Key == "deployment.status").Value);
        Assert.Equal(
            ["promote hello", "roll out", "roll out worker"], spans.Where(s => s.Error is not null).Select(s => s.Name));
        Assert.Contains(spans, s => s.Name == "roll back web");
    }

    [Fact]
    public async Task What_the_check_finds_is_the_failure_of_the_check()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        scenario.Engine.Findings.Add(new(ProblemCode.DiskFull, "The disk is full."));
        var spans = Whole(await Promote(scenario, scenario.V2));
        Assert.Equal(["promote hello", "check"], spans.Select(s => s.Name));
        Assert.All(spans, s => Assert.NotNull(s.Error));
    }

    [Fact]
    public async Task A_promotion_that_was_taken_over_is_one_trace_without_a_gap()
    {
        var scenario = await PromoteScenario.WithTwoReleases();
        var held = await Begin(scenario, scenario.V2);
        scenario.Engine.BeforeEffect = effect =>
        {
            if (effect.StartsWith("route", StringComparison.Ordinal)) throw new KilledException(effect);
        };
        await Assert.ThrowsAsync<KilledException>(() => scenario.Driver.Drive(held, CancellationToken.None));
        scenario.Engine.BeforeEffect = _ => { };
        var seen = (await scenario.Store.FindLock(scenario.App))!;
        var successor = await scenario.Store.TakeOver(seen, "successor", scenario.By(EventKind.PromotionTakenOver));
        var ended = await scenario.Driver.Drive(successor!, CancellationToken.None);

        Assert.Equal((PromotionStatus.Succeeded, Trace), (ended.Status, ended.Trace));
        Assert.Equal(
            ["promote hello", "check", "roll out", "roll out web", "roll out worker"], Whole(ended).Select(s => s.Name));
    }

    private static async Task<PromotionLock> Begin(PromoteScenario scenario, Release release) => (await scenario.Beginning.Run(
        new(PromotionId.New(), scenario.App, release.Id, "anna") { Trace = Trace }, "driver", CancellationToken.None)).Held!;

    private static async Task<Promotion> Promote(PromoteScenario scenario, Release release) =>
        await scenario.Driver.Drive(await Begin(scenario, release), CancellationToken.None);

    /// <summary>The spans, each within its parent, with an id of its own.</summary>
    private static IReadOnlyList<Span> Whole(Promotion ended)
    {
        var spans = PromotionSpans.Of(ended, "local");
        Assert.Equal(spans.Count, spans.Select(s => s.Id).Distinct().Count());
        Assert.All(spans.Skip(1), s =>
        {
            var parent = spans.Single(p => p.Id == s.Parent);
            Assert.True(s.Start >= parent.Start && s.End <= parent.End && s.Start <= s.End, $"{s} isn't within {parent}");
        });
        return spans;
    }
}
