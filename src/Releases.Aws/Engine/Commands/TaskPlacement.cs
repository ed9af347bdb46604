using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Where a service's tasks run, as RunTask takes it.</summary>
internal static class TaskPlacement
{
    private const string Network = "networkConfiguration";

    private static readonly string[] Shared = [Network, "platformVersion", "placementConstraints"];

    /// <summary>Network, platform and capacity of a service as DescribeServices gives it.</summary>
    public static JsonObject From(EcsService service)
    {
        var place = new JsonObject();
        // RunTask takes one of the two; with neither the cluster's own strategy holds, as it does for the service.
        var capacity = service.Raw["capacityProviderStrategy"] is JsonArray { Count: > 0 } ? "capacityProviderStrategy" : "launchType";
        foreach (var member in Shared.Append(capacity))
            if (service.Raw[member] is { } stated and not JsonArray { Count: 0 }) place[member] = stated.DeepClone();
        return place;
    }

    /// <summary>Why no task of its own can be started where the service's run; null: nothing is known.</summary>
    public static Problem? Refusal(
        ServicePlan plan) => plan is { Service: { } service, Base: { } on } && on.HasOwnNetwork && !service.HasNetworkConfiguration
        ? new(
            ProblemCode.AwsRefused,
            $"a command of {plan.Spec.Service.Name} can't run: the ECS service {plan.Name} has no network configuration, which the "
                + "network mode awsvpc needs. Nothing changed.",
            "Give the ECS service a network configuration.")
        : null;
}
