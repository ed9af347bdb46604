using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Creates the task definition of a release from the release and a base that isn't ours, never from what we made before, so that nothing of
/// an earlier release stays. It works on the JSON document, so members that we don't know are kept.
/// </summary>
internal static class TaskDefinition
{
    /// <summary>RegisterTaskDefinition rejects requests larger than 64 KB; this leaves room for what the SDK adds.</summary>
    private const int MaxBytes = 60_000;

    /// <summary>Members that DescribeTaskDefinition returns but RegisterTaskDefinition doesn't accept.</summary>
    private static readonly string[] OnlyDescribed =
    [
        "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy",
        "deregisteredAt",
        "deleteRequestedAt",
    ];

    /// <summary>Returns the input of RegisterTaskDefinition. Fails with <see cref="AwsProblemCode.Refused"/>.</summary>
    /// <param name="on">The base task definition.</param>
    /// <param name="release">The service of the release.</param>
    public static JsonObject Create(DescribedTaskDefinition on, TaskRelease release)
    {
        var made = Registrable(on, TaskFamily.ForService(release.Cluster, release.App, release.Service.Name));
        made["tags"] = TaskTags.Create(release, on.Tags);
        var container = Containers(made).First(c => NameOf(c) == release.Container);
        container["image"] = release.Image;
        TaskVariables.Put(container, release);
        Command(container, release.Service.Command);
        Port(container, release.Service);
        Sizes(made, container, release.Service);
        RequireRoom(made, release);
        return made;
    }

    /// <summary>Returns the input of RegisterTaskDefinition for a copy in another family.</summary>
    public static JsonObject Copy(DescribedTaskDefinition original, string family)
    {
        var copy = Registrable(original, family);
        if (TaskTags.Copied(original.Tags) is { } tags) copy["tags"] = tags;
        return copy;
    }

    private static JsonObject Registrable(DescribedTaskDefinition original, string family)
    {
        var made = (JsonObject)original.Definition.DeepClone();
        EmptyMembers.Remove(made);
        foreach (var member in OnlyDescribed) made.Remove(member);
        made["family"] = family;
        return made;
    }

    internal static IEnumerable<JsonObject> Containers(JsonObject definition) =>
        (definition["containerDefinitions"] as JsonArray ?? []).OfType<JsonObject>();

    internal static string NameOf(JsonObject container) => container["name"]?.GetValue<string>() ?? "";

    /// <summary>Images that the SDK builds have an entry point: a command alone would become its arguments.</summary>
    private static void Command(JsonObject container, ProcessCommand? command)
    {
        if (command is null) return;
        var words = command.Shell is { } text ? ["sh", "-c", text] : command.Arguments;
        var program = command.Shell is null ? 1 : 2;
        container["entryPoint"] = new JsonArray([.. words.Take(program).Select(w => JsonValue.Create(w))]);
        container["command"] = new JsonArray([.. words.Skip(program).Select(w => JsonValue.Create(w))]);
    }

    private static void Port(JsonObject container, Service service)
    {
        if (service.Port is not { } port) return;
        var ports = (container["portMappings"] as JsonArray ?? []).OfType<JsonObject>().Select(
            m => m["containerPort"]?.GetValue<int>()).ToList();
        if (!ports.Contains(port))
            throw Refused(
                service,
                $"has port {port}, but its container {NameOf(container)} has {(ports.Count == 0 ? "none" : string.Join(", ", ports))}",
                "Use the port that the task definition maps, or change the task definition.");
    }

    private static void Sizes(JsonObject made, JsonObject container, Service service)
    {
        var fargate = (made["requiresCompatibilities"] as JsonArray ?? []).Any(c => c?.GetValue<string>() == "FARGATE");
        if (service.Stated.Contains("termination.grace"))
        {
            var seconds = (int)service.TerminationGrace.TotalSeconds;
            if (fargate && seconds > FargateSizes.MaxStopSeconds)
                throw Refused(
                    service,
                    $"has termination.grace {seconds}, but Fargate stops a task {FargateSizes.MaxStopSeconds} seconds after SIGTERM",
                    $"Use {FargateSizes.MaxStopSeconds} at most.");
            container["stopTimeout"] = seconds;
        }

        if (service.Scale.Cpu is { } cpu) made["cpu"] = $"{cpu}";
        if (service.Scale.Memory is { } memory) made["memory"] = $"{memory}";
        if (fargate && FargateSizes.Refusal(made["cpu"]?.GetValue<string>(), made["memory"]?.GetValue<string>()) is { } refusal)
            throw Refused(service, refusal, "Set scale.cpu and scale.memory to a size of Fargate.");
    }

    private static void RequireRoom(JsonObject made, TaskRelease release)
    {
        var bytes = System.Text.Encoding.UTF8.GetByteCount(made.ToJsonString());
        if (bytes > MaxBytes)
            throw Refused(
                release.Service,
                $"has {release.Secrets.Count + release.Variables.Count} variables, "
                    + $"which make a task definition of {bytes} bytes; ECS takes {MaxBytes}",
                "Declare in convox.yml which of them the service needs, or remove some.");
    }

    private static ProblemException Refused(Service service, string what, string remedy) =>
        new Problem(AwsProblemCode.Refused, $"{service.Name} {what}.", remedy, Unchanged: Problem.NothingChanged).ToException();
}
