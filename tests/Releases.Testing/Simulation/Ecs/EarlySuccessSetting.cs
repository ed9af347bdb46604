using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>When a rolling deployment is called successful before all of its tasks are healthy, and what becomes of the old ones
/// then.</summary>
/// <param name="HealthyPercent">How many of the new tasks have to be healthy.</param>
/// <param name="Deferred">Old tasks run on beyond the success, else it waits for their end.</param>
internal sealed record EarlySuccessSetting(int HealthyPercent, bool Deferred)
{
    public static EarlySuccessSetting? From(JsonObject configuration) =>
        configuration["earlySuccessCriteria"] is JsonObject stated && (stated["enable"]?.GetValue<bool>() ?? false)
            ? new(stated["healthyPercent"]?.GetValue<int>() ?? 100,
                stated["sourceServiceRevisionCleanup"]?.GetValue<string>() == "DEFERRED")
            : null;

    public JsonObject Stated => new()
    {
        ["enable"] = true,
        ["healthyPercent"] = HealthyPercent,
        ["sourceServiceRevisionCleanup"] = Deferred ? "DEFERRED" : "BLOCKING"
    };

    public int Needed(int desired) => Math.Max(1, (int)Math.Ceiling(desired * HealthyPercent / 100.0));
}
