using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Models;

/// <summary>What AWS has added since the models were made.</summary>
internal static class NewerThanTheModels
{
    /// <summary>Early success of a rolling deployment, since September 2026.</summary>
    private const string Ecs =
        """
        {
          "DeploymentConfiguration": { "members": { "earlySuccessCriteria": { "shape": "EarlySuccessCriteria" } } },
          "EarlySuccessCriteria": {
            "type": "structure",
            "required": ["enable"],
            "members": {
              "enable": { "shape": "Boolean" },
              "healthyPercent": { "shape": "EarlySuccessPercent" },
              "sourceServiceRevisionCleanup": { "shape": "SourceServiceRevisionCleanup" }
            }
          },
          "EarlySuccessPercent": { "type": "integer", "min": 1, "max": 100 },
          "SourceServiceRevisionCleanup": { "type": "string", "enum": ["BLOCKING", "DEFERRED"] }
        }
        """;

    /// <summary>Tests show that members which are not known yet get lost nowhere, with members of such names.</summary>
    public static bool IsStandIn(string member) => member.StartsWith("later", StringComparison.Ordinal);

    public static void AddTo(string service, JsonObject model)
    {
        if (service != "ECS") return;
        var shapes = model["shapes"]!.AsObject();
        foreach (var (name, added) in JsonNode.Parse(Ecs)!.AsObject())
        {
            if (shapes[name] is not JsonObject known) shapes[name] = added!.DeepClone();
            else foreach (var (member, its) in added!["members"]!.AsObject()) known["members"]![member] = its!.DeepClone();
        }
    }
}
