using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>The task definitions of the simulated ECS; strict about what ECS is strict about.</summary>
internal sealed partial class TaskDefinitions(TimeProvider time)
{
    private const string Arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/";

    private static readonly string[] Registered =
    [
        "containerDefinitions", "cpu", "enableFaultInjection", "ephemeralStorage", "executionRoleArn", "family", "inferenceAccelerators",
        "ipcMode", "memory", "networkMode", "pidMode", "placementConstraints", "proxyConfiguration", "requiresCompatibilities",
        "runtimePlatform", "tags", "taskRoleArn", "volumes",
    ];

    private static readonly Dictionary<int, int[]> FargateMemory = new()
    {
        [256] = [512, 1024, 2048],
        [512] = [.. Enumerable.Range(1, 4).Select(g => g * 1024)],
        [1024] = [.. Enumerable.Range(2, 7).Select(g => g * 1024)],
        [2048] = [.. Enumerable.Range(4, 13).Select(g => g * 1024)],
        [4096] = [.. Enumerable.Range(8, 23).Select(g => g * 1024)],
        [8192] = [.. Enumerable.Range(4, 12).Select(g => g * 4096)],
        [16384] = [.. Enumerable.Range(4, 12).Select(g => g * 8192)],
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _all = [];

    /// <summary>Makes an active one, as a person or Terraform did before.</summary>
    public string Add(JsonObject definition) => Register(definition)["taskDefinition"]!["taskDefinitionArn"]!.GetValue<string>();

    public JsonObject Register(JsonObject input)
    {
        var family = input["family"]?.GetValue<string>() ?? throw Client("Family cannot be null.");
        if (!Family().IsMatch(family)) throw Client("Family contains invalid characters or is longer than 255.");
        if (input.Select(m => m.Key).FirstOrDefault(m => !Registered.Contains(m)) is { } unknown)
            throw new ServiceError("ValidationException", $"Unknown member {unknown}.");
        if (input["containerDefinitions"] is not JsonArray { Count: > 0 and <= 10 } containers)
            throw Client("Container list must have 1 to 10 containers.");
        foreach (var container in containers.OfType<JsonObject>()) Check(container);
        CheckPorts(input);
        if (input["tags"] is JsonArray { Count: > 50 }) throw new ServiceError("InvalidParameterException", "Too many tags.");
        CheckFargate(input);
        lock (_gate) return Keep(input, family);
    }

    private JsonObject Keep(JsonObject input, string family)
    {
        var revision = _all.Values.Count(d => d["family"]!.GetValue<string>() == family) + 1;
        var described = (JsonObject)input.DeepClone();
        var tags = described["tags"]?.DeepClone();
        described.Remove("tags");
        described["taskDefinitionArn"] = $"{Arn}{family}:{revision}";
        described["revision"] = revision;
        described["status"] = "ACTIVE";
        described["registeredAt"] = time.GetUtcNow().ToUnixTimeSeconds();
        described["registeredBy"] = "arn:aws:iam::111122223333:user/test";
        _all[$"{Arn}{family}:{revision}"] = new()
        {
            ["family"] = family,
            ["taskDefinition"] = described,
            ["tags"] = tags ?? new JsonArray()
        };
        return Answer(_all[$"{Arn}{family}:{revision}"], withTags: true);
    }

    public JsonObject Definition(string arn)
    {
        lock (_gate) return (JsonObject)_all[arn]["taskDefinition"]!;
    }

    public IEnumerable<string> Active(string family)
    {
        lock (_gate)
            return [.. _all.Where(d => d.Value["family"]!.GetValue<string>() == family && IsActive(d.Key)).Select(d => d.Key)];
    }

    public JsonArray TagsOf(string arn)
    {
        lock (_gate) return (JsonArray)_all[arn]["tags"]!;
    }

    public JsonObject Describe(JsonObject input)
    {
        var withTags = (input["include"] as JsonArray ?? []).Any(i => i!.GetValue<string>() == "TAGS");
        lock (_gate) return Answer(Find(input["taskDefinition"]!.GetValue<string>()), withTags);
    }

    public JsonObject Deregister(JsonObject input)
    {
        lock (_gate)
        {
            var found = Find(input["taskDefinition"]!.GetValue<string>());
            found["taskDefinition"]!["status"] = "INACTIVE";
            return Answer(found, withTags: false);
        }
    }

    /// <summary>Somebody deletes one that is inactive; ECS knows it no more once nothing uses it.</summary>
    public void Delete(string arn)
    {
        lock (_gate)
            if (IsActive(arn)) throw Client("Task definition is active.");
            else _all[arn]["isDeleted"] = true;
    }

    public JsonObject List(JsonObject input, int hidden)
    {
        lock (_gate) return Listed(input, hidden);
    }

    private JsonObject Listed(JsonObject input, int hidden)
    {
        var prefix = input["familyPrefix"]?.GetValue<string>();
        var arns = _all.Where(d => (prefix is null || d.Value["family"]!.GetValue<string>() == prefix) && IsActive(d.Key))
            .Select(d => d.Key).SkipLast(hidden);
        if (input["sort"]?.GetValue<string>() == "DESC") arns = arns.Reverse();
        return new()
        {
            ["taskDefinitionArns"] = new JsonArray([.. arns.Take(input["maxResults"]?.GetValue<int>() ?? 100)
            .Select(a => JsonValue.Create(a))])
        };
    }

    /// <summary>The ARN that an UpdateService means; refused where it is unknown or no longer active.</summary>
    public string RequireActive(string named)
    {
        lock (_gate)
        {
            var arn = Find(named)["taskDefinition"]!["taskDefinitionArn"]!.GetValue<string>();
            return IsActive(arn) ? arn : throw Client("TaskDefinition is inactive");
        }
    }

    private bool IsActive(string arn) => _all[arn]["taskDefinition"]!["status"]!.GetValue<string>() == "ACTIVE";

    /// <summary>By ARN, <c>family:revision</c>, or family, which is its newest active one.</summary>
    private JsonObject Find(string named)
    {
        var name = named.StartsWith(Arn, StringComparison.Ordinal) ? named : Arn + named;
        if (_all.TryGetValue(name, out var found) && found["isDeleted"] is null) return found;
        return _all.LastOrDefault(d => d.Key.StartsWith(name + ":", StringComparison.Ordinal) && IsActive(d.Key)).Value
            ?? throw Client("Unable to describe task definition.");
    }

    private static JsonObject Answer(JsonObject found, bool withTags)
    {
        var answer = new JsonObject { ["taskDefinition"] = found["taskDefinition"]!.DeepClone() };
        if (withTags) answer["tags"] = found["tags"]!.DeepClone();
        return answer;
    }

    private static void Check(JsonObject container)
    {
        if (string.IsNullOrEmpty(container["name"]?.GetValue<string>())) throw Client("Container.name should not be null or empty.");
        if (string.IsNullOrEmpty(container["image"]?.GetValue<string>())) throw Client("Container.image should not be null or empty.");
        var names = new[] { "environment", "secrets" }.SelectMany(l => container[l] as JsonArray ?? [])
            .Select(e => e!["name"]!.GetValue<string>()).ToList();
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Client(
                $"The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '{twice.Key}'.");
    }

    /// <summary>The ports that a task takes of its host.</summary>
    public static IEnumerable<int> HostPorts(JsonObject definition) =>
        Mappings(definition).Select(m => m["hostPort"]?.GetValue<int>() ?? 0).Where(p => p > 0);

    private static void CheckPorts(JsonObject input)
    {
        if (input["networkMode"]?.GetValue<string>() != "awsvpc") return;
        if (Mappings(input).Any(m => m["hostPort"]?.GetValue<int>() is { } host && host != m["containerPort"]!.GetValue<int>()))
            throw Client("When networkMode=awsvpc, the host ports and container ports in port mappings must match.");
        if (Mappings(input).GroupBy(m => m["containerPort"]!.GetValue<int>()).Any(g => g.Count() > 1))
            throw Client("The same port is mapped twice.");
    }

    private static IEnumerable<JsonObject> Mappings(JsonObject definition) =>
        definition["containerDefinitions"]!.AsArray().SelectMany(c => c!["portMappings"] as JsonArray ?? []).OfType<JsonObject>();

    private static void CheckFargate(JsonObject input)
    {
        if (!(input["requiresCompatibilities"] as JsonArray ?? []).Any(c => c!.GetValue<string>() == "FARGATE")) return;
        var (cpu, memory) = (input["cpu"]?.GetValue<string>(), input["memory"]?.GetValue<string>());
        if (cpu is null || memory is null || !FargateMemory.TryGetValue(int.Parse(cpu), out var fitting)
            || !fitting.Contains(int.Parse(memory)))
            throw Client("No Fargate configuration exists for given values.");
    }

    private static ServiceError Client(string message) => new("ClientException", message);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,255}\z")]
    private static partial Regex Family();
}
