using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>RunTask and StopTask of the simulated ECS; strict about what ECS is strict about.</summary>
/// <param name="definitions">The task definitions.</param>
/// <param name="usedHostPorts">The ports of hosts that services have.</param>
/// <param name="time">The clock.</param>
internal sealed partial class StandaloneTasks(TaskDefinitions definitions, Func<IEnumerable<int>> usedHostPorts, TimeProvider time)
{
    private static readonly string[] Members =
    [
        "capacityProviderStrategy", "clientToken", "cluster", "count", "enableECSManagedTags", "enableExecuteCommand", "group",
        "launchType", "networkConfiguration", "overrides", "placementConstraints", "placementStrategy", "platformVersion", "propagateTags",
        "referenceId", "startedBy", "tags", "taskDefinition", "volumeConfigurations",
    ];

    private static readonly string[] Overridable = ["command", "cpu", "environment", "environmentFiles", "memory", "memoryReservation",
        "name", "resourceRequirements"];

    private static readonly TimeSpan LogDelay = TimeSpan.FromSeconds(1);

    private readonly SharedList<StandaloneTask> _all = [];
    private readonly Dictionary<string, (string Input, StandaloneTask Task)> _tokens = [];

    /// <summary>What becomes of the next tasks; else they end well after 5 seconds.</summary>
    public ConcurrentQueue<CommandBehavior> Behaviors { get; } = [];

    /// <summary>All that were ever started.</summary>
    public IReadOnlyList<StandaloneTask> All => _all;

    /// <summary>Where the lines of containers with the driver awslogs go.</summary>
    public SimulatedLogs? Logs { get; set; }

    public JsonObject Run(JsonObject input)
    {
        if (input.Select(m => m.Key).FirstOrDefault(m => !Members.Contains(m)) is { } unknown)
            throw new ServiceError("ValidationException", $"Unknown member {unknown}.");
        foreach (var container in (input["overrides"]?["containerOverrides"] as JsonArray ?? []).OfType<JsonObject>())
            if (container.Select(m => m.Key).FirstOrDefault(m => !Overridable.Contains(m)) is { } illegal)
                throw new ServiceError("ValidationException", $"Unknown member {illegal}.");
        if (input["count"]?.GetValue<int>() is < 1 or > 10) throw Invalid("Count must be between 1 and 10.");
        if (input["startedBy"]?.GetValue<string>() is { } by && !StartedBy().IsMatch(by))
            throw Invalid("startedBy is too long or has illegal characters.");
        var token = input["clientToken"]?.GetValue<string>();
        if (token is { Length: > 64 }) throw Invalid("clientToken is too long.");
        if (token is not null && _tokens.TryGetValue(token, out var before))
            return before.Input == input.ToJsonString()
                ? Answer(before.Task)
                : throw new ServiceError("ConflictException", "The client token was used with other parameters.");

        var arn = definitions.RequireActive(input["taskDefinition"]?.GetValue<string>() ?? throw Invalid("TaskDefinition cannot be null."));
        var definition = definitions.Definition(arn);
        CheckPlace(input, definition);
        var behavior = Behaviors.TryDequeue(out var next) ? next : new(TimeSpan.FromSeconds(5));
        if ((behavior.PlacementFailure ?? PortTaken(definition)) is { } reason)
            return new()
            {
                ["tasks"] = new JsonArray(),
                ["failures"] = new JsonArray(new JsonObject
                { ["arn"] = $"{SimulatedEcsService.Prefix}container-instance/production/1", ["reason"] = reason })
            };

        var containers = definition["containerDefinitions"]!.AsArray().OfType<JsonObject>()
            .OrderByDescending(c => c["essential"]?.GetValue<bool>() ?? true).ToList();
        var task = new StandaloneTask(
            SimulatedEcsTasks.ArnOf("standalone", $"{_all.Count}"), arn, (JsonObject)input.DeepClone(),
            [.. containers.Select(c => c["name"]!.GetValue<string>())], behavior, time.GetUtcNow());
        _all.Add(task);
        if (token is not null) _tokens[token] = (input.ToJsonString(), task);
        Log(task, containers[0]);
        return Answer(task);
    }

    public JsonObject Stop(JsonObject input)
    {
        var named = input["task"]?.GetValue<string>();
        var task = _all.FirstOrDefault(t => t.Arn == named || t.Id == named) ?? throw Invalid("The referenced task was not found.");
        task.Stop(input["reason"]?.GetValue<string>() ?? "Task stopped by user", time.GetUtcNow());
        return new() { ["task"] = task.Describe(time.GetUtcNow()) };
    }

    /// <summary>Those that a listing shows, stopped ones for an hour.</summary>
    /// <param name="input">What ListTasks was asked.</param>
    /// <param name="hidden">How many of the newest are not shown yet.</param>
    public IEnumerable<string> List(JsonObject input, int hidden)
    {
        var (family, by) = (input["family"]?.GetValue<string>(), input["startedBy"]?.GetValue<string>());
        if (by is not null && new[] { "family", "serviceName", "desiredStatus", "containerInstance", "launchType" }.Any(input.ContainsKey))
            throw Invalid("startedBy has to be the only filter.");
        var status = input["desiredStatus"]?.GetValue<string>() ?? "RUNNING";
        return _all.SkipLast(hidden)
            .Where(t => family is null || definitions.Definition(t.Definition)["family"]!.GetValue<string>() == family)
            .Where(t => by is null || t.Input["startedBy"]?.GetValue<string>() == by)
            .Select(t => t.Describe(time.GetUtcNow())).Where(t => t["desiredStatus"]!.GetValue<string>() == status)
            .Select(t => t["taskArn"]!.GetValue<string>());
    }

    public IEnumerable<JsonObject> Describe(int hidden) => _all.SkipLast(hidden).Select(t => t.Describe(time.GetUtcNow()));

    private static void CheckPlace(JsonObject input, JsonObject definition)
    {
        var awsvpc = definition["networkMode"]?.GetValue<string>() == "awsvpc";
        var subnets = input["networkConfiguration"]?["awsvpcConfiguration"]?["subnets"] as JsonArray;
        if (awsvpc && subnets is not { Count: > 0 })
            throw Invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
        if (!awsvpc && input.ContainsKey("networkConfiguration"))
            throw Invalid("Network Configuration is not valid for the given networkMode of this task definition.");
        var launchType = input["launchType"]?.GetValue<string>();
        if (launchType is not null && input.ContainsKey("capacityProviderStrategy"))
            throw Invalid("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.");
        var fargate = (definition["requiresCompatibilities"] as JsonArray ?? []).Any(c => c!.GetValue<string>() == "FARGATE");
        if (launchType == "FARGATE" && !fargate) throw Invalid("Task definition does not support launch_type FARGATE.");
        if (launchType == "EC2" && input.ContainsKey("platformVersion"))
            throw Invalid("The platform version must be null when specifying an EC2 launch type.");
    }

    /// <summary>In a network of its own a task has every port.</summary>
    private string? PortTaken(JsonObject definition) =>
        definition["networkMode"]?.GetValue<string>() != "awsvpc" && TaskDefinitions.HostPorts(definition).Intersect(usedHostPorts()).Any()
            ? "RESOURCE:PORTS"
            : null;

    private void Log(StandaloneTask task, JsonObject container)
    {
        if (Logs is null || container["logConfiguration"] is not JsonObject { } configuration
            || configuration["logDriver"]?.GetValue<string>() != "awslogs") return;
        var options = configuration["options"]!;
        if (options["awslogs-stream-prefix"]?.GetValue<string>() is not { } prefix) return;
        Logs.Streams[(options["awslogs-group"]!.GetValue<string>(), $"{prefix}/{container["name"]}/{task.Id}")] = () =>
            task.Printed(time.GetUtcNow() - LogDelay);
    }

    private JsonObject Answer(StandaloneTask task) =>
        new() { ["tasks"] = new JsonArray(task.Describe(time.GetUtcNow())), ["failures"] = new JsonArray() };

    private static ServiceError Invalid(string message) => new("InvalidParameterException", message);

    [GeneratedRegex(@"\A[A-Za-z0-9_/-]{1,128}\z")]
    private static partial Regex StartedBy();
}
