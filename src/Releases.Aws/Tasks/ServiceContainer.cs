using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>Determines which container of a task definition is the service's own; the others are its sidecars.</summary>
internal static class ServiceContainer
{
    /// <summary>
    /// Returns the container that <c>x-aws.container</c> names, else the one that the load balancer reaches, else the one named like the
    /// service, else the only essential one. Fails with <see cref="AwsProblemCode.Refused"/>, listing the names.
    /// </summary>
    public static string NameIn(JsonObject definition, ServiceName service, string? stated, JsonArray? loadBalancers)
    {
        var names = TaskDefinition.Containers(definition).Select(TaskDefinition.NameOf).ToList();
        if (stated is not null)
            return names.Contains(stated) ? stated : throw Refused(
                service, $"names the container '{stated}' in x-aws.container, which doesn't exist", names);
        var balanced = (loadBalancers ?? []).OfType<JsonObject>().Select(
            b => b["containerName"]?.GetValue<string>()).OfType<string>().Distinct().ToList();
        if (balanced is [var reached] && names.Contains(reached)) return reached;
        if (names.Contains(service.ToString())) return service.ToString();
        // ECS treats a container as essential by default.
        List<string> essential = [.. TaskDefinition.Containers(definition).Where(
            c => c["essential"]?.GetValue<bool>() ?? true).Select(TaskDefinition.NameOf)];
        return essential is [var only] ? only : throw Refused(
            service, "has several containers, and it is unclear which one is the service's own", names);
    }

    private static ProblemException Refused(ServiceName service, string what, List<string> names) => new Problem(
        AwsProblemCode.Refused, $"the task definition of {service} {what}: it has {string.Join(", ", names)}.",
        "Name the container as x-aws.container of the service in convox.yml.", Unchanged: Problem.NothingChanged).ToException();
}
