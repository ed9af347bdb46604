using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation;

/// <summary>Application Auto Scaling, as far as it tells which services scale by themselves.</summary>
internal sealed class SimulatedAutoScaling : SimulatedService
{
    /// <summary>As <c>service/production/hello-web</c>.</summary>
    public HashSet<string> Targets { get; } = [];

    protected override JsonObject Do(string operation, JsonObject input) => operation == "DescribeScalableTargets"
        ? new()
        {
            ["ScalableTargets"] = new JsonArray([.. input["ResourceIds"]!.AsArray().Select(r => r!.GetValue<string>()).Where(Targets.Contains).Select(r => new JsonObject { ["ResourceId"] = r })]),
        }
        : throw new Refusal("UnknownOperationException", operation);
}
