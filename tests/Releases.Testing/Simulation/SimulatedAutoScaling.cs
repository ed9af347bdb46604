using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation;

/// <summary>Application Auto Scaling, as far as it tells which services scale by themselves.</summary>
internal sealed class SimulatedAutoScaling : SimulatedService
{
    /// <summary>As <c>service/production/hello-web</c>.</summary>
    public SharedList<string> Targets { get; } = [];

    protected override JsonObject Handle(string operation, JsonObject input) => operation == "DescribeScalableTargets"
        ? new() { ["ScalableTargets"] = new JsonArray([.. ResourcesIn(input).Where(Targets.Contains).Select(Described)]) }
        : throw new ServiceError("UnknownOperationException", operation);

    private static IEnumerable<string> ResourcesIn(JsonObject input) => input["ResourceIds"]!.AsArray().Select(r => r!.GetValue<string>());

    private static JsonObject Described(string resource) => new()
    {
        ["ServiceNamespace"] = "ecs",
        ["ResourceId"] = resource,
        ["ScalableDimension"] = "ecs:service:DesiredCount",
        ["MinCapacity"] = 1,
        ["MaxCapacity"] = 10,
        ["RoleARN"] = "arn:aws:iam::111122223333:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/scaling",
        ["CreationTime"] = 1763900000.5,
    };
}
