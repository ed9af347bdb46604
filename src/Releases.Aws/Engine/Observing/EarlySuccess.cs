using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// A service's own statement of when ECS calls a rolling deployment done: with <c>earlySuccessCriteria</c> (2026-09) that is before all
/// of its tasks are healthy, and the circuit breaker guards no longer from then on.
/// </summary>
internal static class EarlySuccess
{
    private const string Criteria = "earlySuccessCriteria";

    public static bool IsOn(EcsService service) => service.Configuration?[Criteria].Flag("enable") ?? false;

    /// <summary>Whether old tasks may run on after it, up to two weeks.</summary>
    public static bool Defers(EcsService service) => IsOn(service) && service.Configuration![Criteria].Text(
        "sourceServiceRevisionCleanup") == "DEFERRED";

    /// <summary>Off for a rollback, which is done only when everything is back.</summary>
    public static void SwitchOff(JsonObject configuration)
    {
        if (configuration[Criteria] is JsonObject stated) stated["enable"] = false;
    }
}
