using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Reads a service's setting for when ECS considers a rolling deployment done: with <c>earlySuccessCriteria</c> (2026-09), that is before
/// all of its tasks are healthy, and from then on the circuit breaker no longer protects it.
/// </summary>
internal static class EarlySuccess
{
    public const string Criteria = "earlySuccessCriteria";

    public static bool IsOn(EcsService service) => service.Configuration?[Criteria].Flag("enable") ?? false;

    /// <summary>Determines whether old tasks may keep running after it, for up to two weeks.</summary>
    public static bool Defers(EcsService service) => IsOn(service) && service.Configuration![Criteria].Text(
        "sourceServiceRevisionCleanup") == "DEFERRED";

    /// <summary>Disables it for a rollback, which is done only when everything is restored.</summary>
    public static void SwitchOff(JsonObject configuration)
    {
        if (configuration[Criteria] is JsonObject stated) stated["enable"] = false;
    }
}
