using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>One part of a deployment that shifts traffic.</summary>
/// <param name="Stage">The stage as DescribeServiceDeployments has it.</param>
/// <param name="HookStage">The stage whose hooks run now.</param>
/// <param name="Takes">How long it takes by itself; null: as long as the new tasks need.</param>
/// <param name="Weight">The new revision's share of the production traffic in percent.</param>
internal sealed record StagePart(string Stage, string HookStage, TimeSpan? Takes, double Weight)
{
    public bool ShiftedTest { get; init; }
}

/// <summary>The parts of a deployment, in order, by its configuration.</summary>
internal static class Stages
{
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Shift = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CleanUp = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<StagePart> From(JsonObject configuration)
    {
        List<StagePart> parts =
        [
            Plain("RECONCILE_SERVICE", Brief, 0), Plain("PRE_SCALE_UP", Brief, 0), new("SCALE_UP", "", null, 0),
            Plain("POST_SCALE_UP", Brief, 0),
            Plain("TEST_TRAFFIC_SHIFT", Shift, 0), Plain("POST_TEST_TRAFFIC_SHIFT", Brief, 0) with { ShiftedTest = true },
        ];
        var before = 0.0;
        foreach (var (weight, bake) in Steps(configuration))
        {
            parts.Add(new("PRODUCTION_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT", TimeSpan.Zero, before) { ShiftedTest = true });
            parts.Add(Plain("PRODUCTION_TRAFFIC_SHIFT", Shift + bake, weight) with { ShiftedTest = true });
            before = weight;
        }

        return
        [
            .. parts, Plain("POST_PRODUCTION_TRAFFIC_SHIFT", Brief, 100),
            new("BAKE_TIME", "", Minutes(configuration["bakeTimeInMinutes"]), 100),
            new("CLEAN_UP", "", CleanUp, 100),
        ];
    }

    private static IEnumerable<(double Weight, TimeSpan Bake)> Steps(JsonObject configuration)
    {
        var linear = configuration["linearConfiguration"];
        switch (configuration["strategy"]?.GetValue<string>())
        {
            case "CANARY":
                var canary = configuration["canaryConfiguration"];
                yield return (canary?["canaryPercent"]?.GetValue<double>() ?? 5, Minutes(canary?["canaryBakeTimeInMinutes"]));
                break;
            case "LINEAR":
                var percent = linear?["stepPercent"]?.GetValue<double>() ?? 10;
                for (var weight = percent; weight < 100; weight += percent)
                    yield return (weight, Minutes(linear?["stepBakeTimeInMinutes"]));
                break;
        }

        yield return (100, TimeSpan.Zero);
    }

    private static StagePart Plain(string stage, TimeSpan takes, double weight) => new(stage, stage, takes, weight);

    private static TimeSpan Minutes(JsonNode? stated) => TimeSpan.FromMinutes(stated?.GetValue<int>() ?? 0);
}
