using Releases.Testing;
using Releases.Tests.Manifests;
using Xunit;

namespace Releases.Tests.Promotions;

public sealed class RolloutPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly RolloutPlan Canary = new(
        [new(0) { KeepsOld = true }, new(10) { HoldSeconds = 300, KeepsOld = true },
            new(50) { HoldSeconds = 60, KeepsOld = true }, new(100)]);

    [Fact]
    public void All_at_once_is_one_step_that_waits_for_every_service()
    {
        var plan = RolloutPlan.AllAtOnce;
        Assert.Null(plan.Next(null, allReady: false, Now));
        var step = plan.Next(null, allReady: true, Now);
        Assert.Equal(new(0, 100, Now), step);
        Assert.Null(plan.Next(step, allReady: true, Now + TimeSpan.FromDays(1)));
    }

    [Fact]
    public void A_step_is_held_before_the_next_one_begins()
    {
        var first = new TrafficShare(1, 10, Now);
        Assert.Null(Canary.Next(first, allReady: true, Now + TimeSpan.FromSeconds(299)));
        Assert.Equal(new(2, 50, Now + TimeSpan.FromMinutes(5)), Canary.Next(first, allReady: true, Now + TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void No_step_begins_while_a_service_is_not_healthy() =>
        Assert.Null(Canary.Next(new(1, 10, Now), allReady: false, Now + TimeSpan.FromHours(1)));

    [Fact]
    public void A_successor_continues_with_the_time_that_is_left()
    {
        var written = new TrafficShare(1, 10, Now - TimeSpan.FromMinutes(4));
        Assert.Null(Canary.Next(written, allReady: true, Now));
        Assert.Equal(2, Canary.Next(written, allReady: true, Now + TimeSpan.FromMinutes(1))!.Step);
    }

    [Fact]
    public void The_steps_to_come_are_held_for_so_long()
    {
        Assert.Equal(TimeSpan.FromSeconds(360), Canary.HoldAfter(null));
        Assert.Equal(TimeSpan.FromSeconds(360), Canary.HoldAfter(new(0, 0, Now)));
        Assert.Equal(TimeSpan.FromSeconds(60), Canary.HoldAfter(new(1, 10, Now)));
        Assert.Equal(TimeSpan.Zero, Canary.HoldAfter(new(3, 100, Now)));
    }

    [Theory]
    [InlineData("{}", "100")]
    [InlineData("{ verify: ./smoke.sh }", "0, 100")]
    [InlineData("{ deployment: { strategy: rolling } }", "100")]
    [InlineData("{ deployment: { strategy: blue-green } }", "0, 100 kept for 300, 100")]
    [InlineData("{ deployment: { strategy: blue-green, bake: 0 } }", "100")]
    [InlineData("{ deployment: { strategy: canary, percent: 5, interval: 2m, bake: 1m } }", "0, 5 kept for 120, 100 kept for 60, 100")]
    [InlineData("{ deployment: { strategy: linear, percent: 25, interval: 30, bake: 0 } }",
        "0, 25 kept for 30, 50 kept for 30, 75 kept for 30, 100")]
    [InlineData("{ deployment: { strategy: linear, percent: 40, interval: 30, bake: 10 } }",
        "0, 40 kept for 30, 80 kept for 30, 100 kept for 10, 100")]
    public void A_strategy_is_these_steps(string service, string steps) =>
        Assert.Equal(steps, Text(PlanOf($"services: {{ web: {service} }}")));

    [Fact]
    public void Services_take_their_own_shares_and_the_last_step_together()
    {
        var plan = PlanOf(
            """
            services:
              web: { port: 80, deployment: { strategy: canary, percent: 10, interval: 2m, bake: 1m } }
              api: { port: 80, deployment: { strategy: linear, percent: 25, interval: 30s, bake: 5m } }
              admin: { port: 80 }
              worker: {}
            """);
        Assert.Equal(
            "0, 25 (admin 0, web 10) kept for 120, 50 (admin 0, web 10) kept for 30, 75 (admin 0, web 10) kept for 30, "
                + "100 kept for 300, 100",
            Text(plan));
        Assert.Equal((10, 75, 0), (Share("web"), Share("api"), Share("admin")));

        int Share(string service) => plan.Steps[3].ShareOf(ServiceName.Parse(service));
    }

    [Theory]
    [InlineData("web: {}, api: { port: 80, deployment: { strategy: canary, percent: 10, bake: 9m } }", "100")]
    [InlineData("web: { port: 80, deployment: { strategy: canary, percent: 5, interval: 30, bake: 1m } }, "
        + "api: { port: 80, deployment: { strategy: linear, percent: 25, interval: 2m, bake: 9m } }",
        "0, 5 (api 0) kept for 30, 100 (api 0) kept for 60, 100")]
    [InlineData("web: { port: 80, deployment: { strategy: blue-green, bake: 1m } }, api: { verify: ./smoke.sh }",
        "0, 100 kept for 60, 100")]
    public void A_service_without_processes_takes_no_step(string services, string steps) =>
        Assert.Equal(steps, Text(PlanOf($"services: {{ {services} }}", s => s.Name.ToString() == "api" ? 0 : 1)));

    [Theory]
    [InlineData(true, true, false, false, "0, 10 kept for 300, 50 kept for 60, 100")]
    [InlineData(true, false, false, false, "100")]
    [InlineData(false, true, false, false, "100")]
    [InlineData(true, false, true, false, "0, 100")]
    [InlineData(false, true, true, false, "0, 100")]
    [InlineData(true, false, false, true, "0, 100")]
    [InlineData(false, true, false, true, "100")]
    public void A_promotion_takes_the_steps_of_its_rack_if_there_is_something_to_compare_and_to_prove(
        bool isNew, bool replaces, bool holds, bool verifies, string steps)
    {
        var services = ReadingManifest.Read($"services: {{ web: {{ port: 80{(verifies ? ", verify: ./smoke.sh" : "")} }} }}")
            .Require().Services.Select(s => new ServiceSpec(s, new(), 1, new Dictionary<string, string>()));
        var rollout = new Rollout(
            new() { Name = A.App, CreatedAt = A.Moment, CreatedBy = A.Person }, A.Release(1), PromotionId.New(), [.. services])
        {
            TakesSteps = isNew,
            Terms = new() { HoldFor = holds ? TimeSpan.FromMinutes(1) : null },
        };
        var plan = (Canary with { RackSeconds = 7 }).For(rollout, replaces);
        Assert.Equal((steps, 7), (Text(plan), plan.RackSeconds));
    }

    private static RolloutPlan PlanOf(string manifest, Func<Service, int>? count = null) => RolloutStrategy.Plan(
    [
        .. ReadingManifest.Read(manifest).Require().Services
            .Select(s => new ServiceSpec(s, new(), count?.Invoke(s) ?? 1, new Dictionary<string, string>())),
    ]);

    private static string Text(RolloutPlan plan) => string.Join(
        ", ", plan.Steps.Select(s => $"{s.Percent}"
            + (s.Shares.Count > 0 ? $" ({string.Join(", ", s.Shares.OrderBy(x => x.Key).Select(x => $"{x.Key} {x.Value}"))})" : "")
            + (s.HoldSeconds > 0 ? $"{(s.KeepsOld ? " kept" : "")} for {s.HoldSeconds}" : "")));
}
