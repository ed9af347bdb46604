using System.Text.Json.Nodes;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>Its tasks, those of services and those of none.</summary>
internal sealed partial class SimulatedEcs
{
    /// <summary>The commands that were run in tasks: task, container and command.</summary>
    public SharedList<(string Task, string Container, string Command)> Executed { get; } = [];

    private JsonObject Execute(JsonObject input)
    {
        RequireCluster(input);
        var (task, container) = (input["task"]!.GetValue<string>(), input["container"]!.GetValue<string>());
        if (!input["interactive"]!.GetValue<bool>())
            throw new ServiceError("InvalidParameterException", "Interactive is the only mode supported currently.");
        if (StandaloneTasks.All.FirstOrDefault(t => t.Arn == task) is { } alone && !alone.OpenSession(Time.GetUtcNow()))
            throw new ServiceError("TargetNotConnectedException",
                "The execute command failed due to an internal error. Try again later.");
        Executed.Add((task, container, input["command"]!.GetValue<string>()));
        return new()
        {
            ["taskArn"] = task,
            ["containerName"] = container,
            ["interactive"] = true,
            ["session"] = new JsonObject
            { ["sessionId"] = "ecs-execute-command-1", ["streamUrl"] = "wss://ssmmessages/1", ["tokenValue"] = "token" },
        };
    }

    private JsonObject RunTask(JsonObject input)
    {
        RequireCluster(input);
        var started = StandaloneTasks.Run(input);
        _hiddenTasks = LaggingReads;
        return started;
    }

    private JsonObject StopTask(JsonObject input)
    {
        RequireCluster(input);
        return StandaloneTasks.Stop(input);
    }

    private JsonObject ListTasks(JsonObject input)
    {
        RequireCluster(input);
        if (input["serviceName"]?.GetValue<string>() is not { } name)
            return Arns([.. StandaloneTasks.List(input, HiddenTasks), .. ServiceTasksOfFamily(input)]);
        if (!_services.TryGetValue(name, out var service)) throw new ServiceError("ServiceNotFoundException", "Service not found.");
        var stopped = input["desiredStatus"]?.GetValue<string>() == "STOPPED";
        return Arns(SimulatedEcsTasks.Describe(service, stopped, Time.GetUtcNow()).Select(t => t["taskArn"]!.GetValue<string>()));
    }

    private IEnumerable<string> ServiceTasksOfFamily(JsonObject input)
    {
        if (input["family"]?.GetValue<string>() is not { } family) return [];
        var stopped = input["desiredStatus"]?.GetValue<string>() == "STOPPED";
        return _services.Values.SelectMany(s => SimulatedEcsTasks.Describe(s, stopped, Time.GetUtcNow()))
            .Where(t => Definitions.Definition(t["taskDefinitionArn"]!.GetValue<string>())["family"]!.GetValue<string>() == family)
            .Select(t => t["taskArn"]!.GetValue<string>());
    }

    private JsonObject DescribeTasks(JsonObject input)
    {
        RequireCluster(input);
        var arns = Texts(input, "tasks");
        if (arns.Count > 100) throw new ServiceError("InvalidParameterException", "At most 100.");
        var now = Time.GetUtcNow();
        var all = _services.Values.SelectMany(s => SimulatedEcsTasks.Describe(s, true, now)
            .Concat(SimulatedEcsTasks.Describe(s, false, now))).Concat(StandaloneTasks.Describe(HiddenTasks));
        var found = all.Where(t => arns.Contains(t["taskArn"]!.GetValue<string>())).ToList();
        foreach (var task in found.Where(t => t["healthStatus"]?.GetValue<string>() == "UNKNOWN" && IsChecked(t)
            && now >= DateTimeOffset.FromUnixTimeMilliseconds((long)(t["startedAt"]!.GetValue<double>() * 1000)) + HealthCheckTakes))
            task["healthStatus"] = "HEALTHY";
        var missing = arns.Except(found.Select(t => t["taskArn"]!.GetValue<string>()))
            .Select(a => new JsonObject { ["arn"] = a, ["reason"] = "MISSING" });
        return new() { ["tasks"] = new JsonArray([.. found]), ["failures"] = new JsonArray([.. missing]) };
    }

    private bool IsChecked(JsonObject task) => Definitions.Definition(task["taskDefinitionArn"]!.GetValue<string>())
        ["containerDefinitions"]!.AsArray().Any(c => c!["healthCheck"] is not null);

    /// <summary>A task that was just started is not shown by the next reads.</summary>
    private int HiddenTasks => _hiddenTasks-- > 0 ? 1 : 0;

    private static JsonObject Arns(IEnumerable<string> arns) =>
        new() { ["taskArns"] = new JsonArray([.. arns.Take(100).Select(a => JsonValue.Create(a))]) };
}
