using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Determines where a service's tasks run, in the form of RunTask's input.</summary>
internal static class TaskPlacement
{
    private const string Network = "networkConfiguration";

    private static readonly string[] Shared = [Network, "platformVersion", "placementConstraints"];

    /// <summary>Returns the network, platform and capacity of a service from DescribeServices.</summary>
    public static JsonObject From(EcsService service)
    {
        var place = new JsonObject();
        // RunTask accepts only one of the two; with neither, the cluster's default strategy applies, as it does to the service.
        var capacity = service.Raw["capacityProviderStrategy"] is JsonArray { Count: > 0 } ? "capacityProviderStrategy" : "launchType";
        foreach (var member in Shared.Append(capacity))
            if (service.Raw[member] is { } stated and not JsonArray { Count: 0 }) place[member] = stated.DeepClone();
        return place;
    }

    /// <summary>Returns why a separate task can't be started where the service's tasks run, or null if there is no known reason.</summary>
    public static Problem? Refusal(
        ServicePlan plan) => plan is { Service: { } service, Base: { } on } && on.HasOwnNetwork && !service.HasNetworkConfiguration
        ? new(
            AwsProblemCode.Refused,
            $"a command of {plan.Spec.Service.Name} can't run: the ECS service {plan.Name} has no network configuration, which the "
                + "network mode awsvpc needs.",
            "Give the ECS service a network configuration.", Unchanged: Problem.NothingChanged)
        : null;
}
