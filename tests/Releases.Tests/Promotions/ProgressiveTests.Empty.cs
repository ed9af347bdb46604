using Releases.Testing;
using Xunit;

namespace Releases.Tests.Promotions;

/// <content>Services without processes.</content>
public sealed partial class ProgressiveTests
{
    [Fact]
    public async Task A_service_without_processes_is_neither_verified_nor_judged_and_holds_nothing_up()
    {
        var (scenario, next) = await Scenario(
            """
            services:
              web: { port: 80, scale: 0, verify: ./smoke.sh, deployment: { strategy: canary, interval: 3h, bake: 3h } }
              worker: { port: 80, verify: ./smoke.sh, deployment: { strategy: canary, percent: 20, interval: 1m, bake: 2m } }
            """);
        scenario.Engine.Counts = service => new(
            Requests(scenario, perSecond: 10) with { Errors = service == "web" ? 1_000_000 : 0 }, Requests(scenario, perSecond: 90));
        var ended = await scenario.Promote(next);
        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        Assert.Equal(["worker"], scenario.Engine.Verified);
        Assert.Equal([0, 20, 100, 100], ended.Steps.Select(s => s.Percent));
        Assert.InRange(ended.EndedAt!.Value - ended.StartedAt, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
        Assert.All(ended.Steps.SelectMany(s => s.Verdicts), v => Assert.Equal(Worker, v.Service));
        Assert.NotEmpty(ended.Steps[1].Verdicts);
    }

    [Theory]
    [InlineData(false, false, "every service of hello would have 0 processes, so none could verify")]
    [InlineData(false, true, "every service of hello would have 0 processes, so none could verify")]
    [InlineData(true, true, "every service of hello would have 0 processes, so there is nothing to hold.")]
    [InlineData(true, false, null)]
    public void Nothing_is_held_that_has_no_process(bool allowed, bool holds, string? refusal)
    {
        var rollout = new Rollout(new App { Name = A.App, CreatedAt = A.Moment, CreatedBy = A.Person }, A.Release(1), PromotionId.New(),
            [Spec(Web), Spec(Worker)])
        { Terms = new() { AllowEmpty = allowed, HoldFor = holds ? TimeSpan.FromHours(1) : null } };
        var found = EmptyRollout.Check(rollout, [0, 0]).ToList();
        if (refusal is null) Assert.Empty(found);
        else
        {
            Assert.StartsWith(refusal, Assert.Single(found).Message, StringComparison.Ordinal);
            // The active release, of which 'scale' knows the services, may lack these.
            Assert.StartsWith("Set 'scale' in convox.yml. ", found[0].Remedy!.ToString(), StringComparison.Ordinal);
            var active = rollout with { App = rollout.App with { Active = rollout.Release.Id } };
            Assert.StartsWith(
                "Set a count: dotnet convox scale web 1. ", EmptyRollout.Check(active, [0, 0]).Single().Remedy!.ToString(),
                StringComparison.Ordinal);
            var scaled = rollout with { App = rollout.App with { Scale = new Dictionary<ServiceName, int> { [Worker] = 0 } } };
            Assert.StartsWith(
                "Set a count: dotnet convox scale worker 1. ", EmptyRollout.Check(scaled, [0, 0]).Single().Remedy!.ToString(),
                StringComparison.Ordinal);
        }

        Assert.Empty(EmptyRollout.Check(rollout, [0, 1]));
    }

    private static ServiceSpec Spec(ServiceName name) => new(new() { Name = name }, new(), 0, new Dictionary<string, string>());
}
