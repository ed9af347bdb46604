using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Engine;

/// <summary>What a promotion asks of AWS, and how long after ECS it is done; build/bench.sh prints it. All times are virtual.</summary>
public sealed class EcsCallTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(30)]
    public async Task Looking_costs_a_call_for_ten_services_and_the_end_is_seen_at_the_next_look(int services)
    {
        var manifest = "environment: [GREETING=hello, SECRET]\nservices:\n"
            + string.Concat(Enumerable.Range(1, services).Select(n => $"  s{n}:\n    build: S{n}\n    x-aws: {{ container: web }}\n"));
        await using var app = await EcsScenario.Start(manifest: manifest);
        for (var n = 1; n <= services; n++)
            app.Ecs.Behaviors[$"hello-s{n}"] = new([new TaskBehavior.BecomesHealthy(TimeSpan.FromSeconds(57.3 + (n % 3)))]);
        app.Ecs.Virtual.Advance(TimeSpan.FromMinutes(5));
        app.Ecs.Calls.Clear();
        app.World.Secrets.Calls.Clear();
        app.Ecs.Throttled = 0;

        var ended = await app.Run(app.V2);

        Assert.True(ended.Status == PromotionStatus.Succeeded, ended.Reason);
        var landed = Enumerable.Range(1, services).Max(n => app.Ecs[$"hello-s{n}"].Deployments[^1].FinishedAt(ended.EndedAt!.Value))!.Value;
        var delay = ended.EndedAt!.Value - landed;
        var calls = app.Ecs.Calls.Concat(app.World.Secrets.Calls).GroupBy(c => c).OrderByDescending(c => c.Count())
            .ThenBy(c => c.Key).ToList();
        output.WriteLine(
            $"{services} services: {calls.Sum(c => c.Count())} calls, {app.Ecs.Throttled} throttled, done {delay.TotalSeconds:0.0} s after the last SUCCESSFUL");
        foreach (var call in calls) output.WriteLine($"  {call.Count(),5} {call.Key}");

        Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        // Registering takes one second each beyond the burst; nothing else is to meet a limit.
        Assert.True(app.Ecs.Throttled <= Math.Max(0, services - 20) * 2, $"{app.Ecs.Throttled} calls were throttled");
        var looks = (ended.EndedAt!.Value - ended.StartedAt) / TimeSpan.FromSeconds(2);
        var asked = app.Ecs.Calls.Count(c => c == "DescribeServices") - (services * 2);
        Assert.InRange(asked, 1, (looks + 5) * Math.Ceiling(services / 10.0));
    }
}
