using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Releases.Aws.Tests.Simulation.Ecs;

/// <summary>
/// A cluster of ECS over real HTTP, in virtual time, with a scheduler of its own. Written from what is known of ECS and not from the
/// product, so that a misunderstanding would have to be made twice.
/// </summary>
internal sealed class SimulatedEcs : SimulatedService
{
    private const string Prefix = "arn:aws:ecs:eu-west-1:111122223333:";

    private static readonly string[] Updatable =
        ["cluster", "service", "desiredCount", "taskDefinition", "deploymentConfiguration", "forceNewDeployment", "healthCheckGracePeriodSeconds", "enableExecuteCommand"];

    private readonly Dictionary<string, ServiceState> _services = [];

    public SimulatedEcs() => Definitions = new(Time);

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public TaskDefinitions Definitions { get; }

    /// <summary>What becomes of the next deployments of a service; else they land after 30 seconds.</summary>
    public Dictionary<string, Queue<Fortune>> Fortunes { get; } = [];

    /// <summary>A service that runs this task definition, stable for long.</summary>
    public void Given(string service, string taskDefinition, int desired = 1, JsonArray? tags = null)
    {
        var state = new ServiceState(desired, tags ?? []);
        _services[service] = state;
        state.Deployments.Add(new(
            DeploymentArn(service, 0), Definitions.RequireActive(taskDefinition), null, new Fortune.Lands(TimeSpan.Zero), desired, false, Time.GetUtcNow() - TimeSpan.FromDays(1)));
    }

    protected override JsonObject Do(string operation, JsonObject input) => operation switch
    {
        "RegisterTaskDefinition" => Definitions.Register(input),
        "DescribeTaskDefinition" => Definitions.Describe(input),
        "DeregisterTaskDefinition" => Definitions.Deregister(input),
        "ListTaskDefinitions" => Definitions.List(input),
        "DescribeServices" => Describe(input),
        "UpdateService" => Update(input),
        "DescribeServiceDeployments" => DescribeDeployments(input),
        "ListServiceDeployments" => ListDeployments(input),
        "DescribeServiceRevisions" => DescribeRevisions(input),
        "StopServiceDeployment" => Stop(input),
        _ => throw new Refusal("UnknownOperationException", operation),
    };

    private JsonObject Describe(JsonObject input)
    {
        var asked = input["services"]!.AsArray().Select(s => s!.GetValue<string>()).ToList();
        if (asked.Count > 10) throw new Refusal("InvalidParameterException", "Services should have at most 10 items.");
        return new()
        {
            ["services"] = new JsonArray([.. asked.Where(_services.ContainsKey).Select(Service)]),
            ["failures"] = new JsonArray([.. asked.Where(s => !_services.ContainsKey(s)).Select(s => new JsonObject { ["arn"] = $"{Prefix}service/production/{s}", ["reason"] = "MISSING" })]),
        };
    }

    private JsonObject Update(JsonObject input)
    {
        if (input.Select(m => m.Key).FirstOrDefault(m => !Updatable.Contains(m)) is { } unknown) throw new Refusal("SerializationException", $"Unknown member {unknown}.");
        var name = input["service"]!.GetValue<string>();
        if (!_services.TryGetValue(name, out var state)) throw new Refusal("ServiceNotFoundException", "Service not found.");
        var (now, current) = (Time.GetUtcNow(), state.Deployments[^1]);
        if (input["desiredCount"]?.GetValue<int>() is { } desired) state.Desired = desired;
        if (input["deploymentConfiguration"] is JsonObject configuration) state.Configuration = (JsonObject)configuration.DeepClone();
        if (input["taskDefinition"]?.GetValue<string>() is { } wanted)
        {
            var target = Definitions.RequireActive(wanted);
            var before = state.LastCompleted(now);
            current.ReplacedAt(now);
            var fortune = Fortunes.TryGetValue(name, out var queue) && queue.TryDequeue(out var next) ? next : new Fortune.Lands(TimeSpan.FromSeconds(30));
            state.Deployments.Add(new(DeploymentArn(name, state.Deployments.Count), target, before, fortune, state.Desired, state.HasBreaker, now));
        }

        return new() { ["service"] = Service(name) };
    }

    private JsonObject Service(string name)
    {
        var (state, now) = (_services[name], Time.GetUtcNow());
        var current = state.Deployments[^1];
        var status = current.Status(now);
        var deployments = new JsonArray(new JsonObject
        {
            ["id"] = $"ecs-svc/{state.Deployments.Count}",
            ["status"] = "PRIMARY",
            ["taskDefinition"] = current.Primary(now),
            ["rolloutState"] = current.IsOver(now) ? (status == "ROLLBACK_FAILED" ? "FAILED" : "COMPLETED") : "IN_PROGRESS",
            ["desiredCount"] = state.Desired,
        });
        if (!current.IsOver(now) && (current.Primary(now) == current.Target ? current.Before : current.Target) is { } other)
            deployments.Add(new JsonObject { ["id"] = "ecs-svc/other", ["status"] = "ACTIVE", ["taskDefinition"] = other });
        return new()
        {
            ["serviceName"] = name,
            ["serviceArn"] = $"{Prefix}service/production/{name}",
            ["status"] = "ACTIVE",
            ["taskDefinition"] = current.Primary(now),
            ["desiredCount"] = state.Desired,
            ["runningCount"] = status == "ROLLBACK_FAILED" ? 0 : state.Desired,
            ["pendingCount"] = 0,
            ["schedulingStrategy"] = "REPLICA",
            ["deploymentController"] = new JsonObject { ["type"] = "ECS" },
            ["deploymentConfiguration"] = state.Configuration.DeepClone(),
            ["deployments"] = deployments,
            ["currentServiceDeployment"] = current.Arn,
            ["tags"] = state.Tags.DeepClone(),
        };
    }

    private JsonObject DescribeDeployments(JsonObject input)
    {
        var arns = input["serviceDeploymentArns"]!.AsArray().Select(a => a!.GetValue<string>()).ToList();
        if (arns.Count > 20) throw new Refusal("InvalidParameterException", "At most 20.");
        return new() { ["serviceDeployments"] = new JsonArray([.. arns.Select(Find).OfType<Deployment>().Select(Described)]) };
    }

    private JsonObject ListDeployments(JsonObject input)
    {
        var state = _services[input["service"]!.GetValue<string>()];
        return new() { ["serviceDeployments"] = new JsonArray([.. Enumerable.Reverse(state.Deployments).Select(Described)]) };
    }

    private JsonObject DescribeRevisions(JsonObject input) => new()
    {
        ["serviceRevisions"] = new JsonArray([.. input["serviceRevisionArns"]!.AsArray().Select(a => a!.GetValue<string>())
            .Select(a => (Arn: a, Deployment: Find(a.Replace("service-revision", "service-deployment", StringComparison.Ordinal)))).Where(r => r.Deployment is not null)
            .Select(r => new JsonObject { ["serviceRevisionArn"] = r.Arn, ["taskDefinition"] = r.Deployment!.Target })]),
    };

    private JsonObject Stop(JsonObject input)
    {
        if (input["stopType"]?.GetValue<string>() is not (null or "ROLLBACK")) throw new Refusal("InvalidParameterException", "stopType");
        var deployment = Find(input["serviceDeploymentArn"]!.GetValue<string>()) ?? throw new Refusal("ServiceDeploymentNotFoundException", "Not found.");
        if (!deployment.CanStop(Time.GetUtcNow())) throw new Refusal("ConflictException", "The service deployment is over.");
        deployment.Stop(Time.GetUtcNow());
        return new() { ["serviceDeploymentArn"] = deployment.Arn };
    }

    private Deployment? Find(string arn) => _services.Values.SelectMany(s => s.Deployments).FirstOrDefault(d => d.Arn == arn);

    private JsonObject Described(Deployment deployment)
    {
        var now = Time.GetUtcNow();
        return new()
        {
            ["serviceDeploymentArn"] = deployment.Arn,
            ["status"] = deployment.Status(now),
            ["startedAt"] = deployment.StartedAt.ToUnixTimeSeconds(),
            ["targetServiceRevision"] = new JsonObject { ["arn"] = deployment.Arn.Replace("service-deployment", "service-revision", StringComparison.Ordinal) },
            ["deploymentCircuitBreaker"] = new JsonObject { ["failureCount"] = deployment.Failures(now), ["threshold"] = deployment.Threshold },
        };
    }

    private static string DeploymentArn(string service, int number) => $"{Prefix}service-deployment/production/{service}/{number:d21}";

    private sealed class ServiceState(int desired, JsonArray tags)
    {
        public int Desired { get; set; } = desired;

        public JsonArray Tags => tags;

        public JsonObject Configuration { get; set; } = new() { ["strategy"] = "ROLLING", ["minimumHealthyPercent"] = 100, ["maximumPercent"] = 200 };

        public List<Deployment> Deployments { get; } = [];

        public bool HasBreaker => Configuration["deploymentCircuitBreaker"] is JsonObject { } breaker
            && (breaker["enable"]?.GetValue<bool>() ?? false) && (breaker["rollback"]?.GetValue<bool>() ?? false);

        /// <summary>What a rollback goes back to.</summary>
        public string? LastCompleted(DateTimeOffset now) => Enumerable.Reverse(Deployments).FirstOrDefault(d => d.Status(now) == "SUCCESSFUL")?.Target;
    }
}
