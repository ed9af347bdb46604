using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>
/// A cluster of ECS over real HTTP, in virtual time, with a scheduler of its own. Written from what is known of ECS and not from the
/// product, so that a misunderstanding would have to be made twice.
/// </summary>
/// <remarks>Over 300 lines: one method for each operation of ECS, which share the state of the cluster.</remarks>
internal sealed class SimulatedEcs : SimulatedService
{
    private static readonly string[] Updatable =
        ["cluster", "service", "desiredCount", "taskDefinition", "deploymentConfiguration", "forceNewDeployment", "healthCheckGracePeriodSeconds", "enableExecuteCommand"];

    private static readonly string[] Newer =
        ["DescribeServiceDeployments", "ListServiceDeployments", "DescribeServiceRevisions", "StopServiceDeployment", "ContinueServiceDeployment"];

    private readonly Dictionary<string, SimulatedEcsService> _services = [];
    private readonly Throttle _throttle;
    private int _hidden;
    private int _hiddenTasks;

    public SimulatedEcs(TimeProvider? time = null)
    {
        Time = time ?? Virtual;
        Definitions = new(Time);
        _throttle = new(Time);
        Commands = new(Definitions, () => _services.Values.SelectMany(s => TaskDefinitions.HostPorts(Definitions.Definition(s.Current.Primary(Time.GetUtcNow())))), Time);
    }

    /// <summary>The one cluster that there is.</summary>
    public string Cluster { get; init; } = "production";

    /// <summary>The clock, unless a test gave another one.</summary>
    public FakeTimeProvider Virtual { get; } = new(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public TimeProvider Time { get; }

    public TaskDefinitions Definitions { get; }

    /// <summary>The tasks of no service.</summary>
    public StandaloneTasks Commands { get; }

    /// <summary>What becomes of the next deployments of a service; else they land after <see cref="Landing"/>.</summary>
    public Dictionary<string, Queue<TaskBehavior>> Behaviors { get; } = [];

    public TimeSpan Landing { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Endpoints that are older do not know service deployments.</summary>
    public bool KnowsDeployments { get; set; } = true;

    /// <summary>As by an endpoint that knows the call and has nothing behind it.</summary>
    public bool ListsNoDeployments { get; set; }

    /// <summary>How many deployments a page has at most.</summary>
    public int PageOfDeployments { get; set; } = 100;

    /// <summary>Older ones still do not tell the state of a rollout.</summary>
    public bool TellsRolloutState { get; set; } = true;

    /// <summary>Sources differ on whether the PRIMARY that a rollback brings has a new id.</summary>
    public bool RollbackKeepsItsId { get; set; }

    /// <summary>How many calls met a limit.</summary>
    public int Throttled { get; set; }

    /// <summary>How many reads after each change still show what was before.</summary>
    public int LaggingReads { get; set; }

    /// <summary>A service that runs this task definition, stable for long.</summary>
    public SimulatedEcsService Add(string service, string taskDefinition, int desired = 1, JsonArray? tags = null)
    {
        var made = _services[service] = new(service, desired, tags ?? []);
        made.Begin(Definitions.RequireActive(taskDefinition), new TaskBehavior.BecomesHealthy(TimeSpan.Zero), Time.GetUtcNow() - TimeSpan.FromDays(1));
        return made;
    }

    public SimulatedEcsService this[string service] => _services[service];

    /// <summary>The task definition that a service runs; null: none that is healthy does.</summary>
    public string? Runs(string service) => _services.TryGetValue(service, out var state) && state.Desired > 0
        ? state.Current.IsOver(Time.GetUtcNow()) ? state.Current.Primary(Time.GetUtcNow()) : state.LastCompleted(Time.GetUtcNow())
        : null;

    protected override void Passes(TimeSpan time) => Virtual.Advance(time);

    protected override JsonObject Do(string operation, JsonObject input)
    {
        foreach (var service in _services.Values) service.Meanwhile(Time.GetUtcNow());
        try
        {
            _throttle.Take(operation);
        }
        catch (Refusal)
        {
            Throttled++;
            throw;
        }

        if (!KnowsDeployments && Newer.Contains(operation)) throw new Refusal("UnknownOperationException", "");
        return operation switch
        {
            "RegisterTaskDefinition" => Register(input),
            "DescribeTaskDefinition" => Definitions.Describe(input),
            "DeregisterTaskDefinition" => Definitions.Deregister(input),
            "ListTaskDefinitions" => Definitions.List(input, _hidden-- > 0 ? 1 : 0),
            "DescribeServices" => Describe(input),
            "UpdateService" => Update(input),
            "DescribeServiceDeployments" => DescribeDeployments(input),
            "ListServiceDeployments" => ListDeployments(input),
            "DescribeServiceRevisions" => DescribeRevisions(input),
            "StopServiceDeployment" => Stop(input),
            "ContinueServiceDeployment" => Continue(input),
            "ListTasks" => ListTasks(input),
            "DescribeTasks" => DescribeTasks(input),
            "ExecuteCommand" => Execute(input),
            "RunTask" => RunTask(input),
            "StopTask" => StopTask(input),
            _ => throw new Refusal("UnknownOperationException", operation),
        };
    }

    private JsonObject Register(JsonObject input)
    {
        var registered = Definitions.Register(input);
        _hidden = LaggingReads;
        return registered;
    }

    private JsonObject Describe(JsonObject input)
    {
        RequireCluster(input);
        var asked = Texts(input, "services");
        if (asked.Count > 10) throw new Refusal("InvalidParameterException", "Services should have at most 10 items.");
        return new()
        {
            ["services"] = new JsonArray([.. asked.Where(_services.ContainsKey).Select(s => _services[s].Seen(_services[s].Described(this)))]),
            ["failures"] = new JsonArray([.. asked.Where(s => !_services.ContainsKey(s)).Select(s => new JsonObject { ["arn"] = $"{SimulatedEcsService.Prefix}service/production/{s}", ["reason"] = "MISSING" })]),
        };
    }

    private JsonObject Update(JsonObject input)
    {
        RequireCluster(input);
        if (input.Select(m => m.Key).FirstOrDefault(m => !Updatable.Contains(m)) is { } unknown) throw new Refusal("ValidationException", $"Unknown member {unknown}.");
        var service = Service(input);
        var target = input["taskDefinition"]?.GetValue<string>() is { } wanted ? Definitions.RequireActive(wanted) : null;
        service.Lag(LaggingReads, service.Described(this));
        if (input["desiredCount"]?.GetValue<int>() is { } desired) service.Desired = desired;
        if (input["deploymentConfiguration"]?["strategy"]?.GetValue<string>() is "BLUE_GREEN" or "LINEAR" or "CANARY" && !service.CanShift)
            throw new Refusal("InvalidParameterException", "The deployment strategy requires advancedConfiguration on the load balancer.");
        if ((input["deploymentConfiguration"]?["lifecycleHooks"] as JsonArray ?? []).Any(h => h!["targetType"]?.GetValue<string>() == "PAUSE"
            && h["lifecycleStages"]!.AsArray().Any(s => s!.GetValue<string>() is "TEST_TRAFFIC_SHIFT" or "PRODUCTION_TRAFFIC_SHIFT")))
            throw new Refusal("InvalidParameterException", "PAUSE hooks cannot be configured at this stage.");
        if (input["deploymentConfiguration"] is JsonObject configuration) service.Configuration = (JsonObject)configuration.DeepClone();
        if (target is not null && (target != service.Current.Primary(Time.GetUtcNow()) || (input["forceNewDeployment"]?.GetValue<bool>() ?? false)))
        {
            var behavior = Behaviors.TryGetValue(service.Name, out var queue) && queue.TryDequeue(out var next) ? next : new TaskBehavior.BecomesHealthy(Landing);
            service.Begin(target, behavior, Time.GetUtcNow());
        }

        return new() { ["service"] = service.Described(this) };
    }

    private JsonObject DescribeDeployments(JsonObject input)
    {
        var arns = Texts(input, "serviceDeploymentArns");
        if (arns.Count > 20) throw new Refusal("InvalidParameterException", "At most 20.");
        return new() { ["serviceDeployments"] = new JsonArray([.. arns.Select(Find).OfType<Deployment>().Select(d => Told(d, whole: true))]) };
    }

    /// <summary>Pages in no promised order; here the oldest come first.</summary>
    private JsonObject ListDeployments(JsonObject input)
    {
        RequireCluster(input);
        if (ListsNoDeployments) return new() { ["serviceDeployments"] = new JsonArray() };
        var (after, from) = (input["createdAt"]?["after"]?.GetValue<double>() ?? 0, int.Parse(input["nextToken"]?.GetValue<string>() ?? "0"));
        var status = input["status"] is null ? [] : Texts(input, "status");
        var found = Service(input).Deployments.Where(d => d.StartedAt.ToUnixTimeSeconds() > after)
            .Where(d => status.Count == 0 || status.Contains(d.Status(Time.GetUtcNow()))).Skip(from).ToList();
        var page = Math.Min(input["maxResults"]?.GetValue<int>() ?? 100, PageOfDeployments);
        var answer = new JsonObject { ["serviceDeployments"] = new JsonArray([.. found.Take(page).Select(d => Told(d, whole: false))]) };
        if (found.Count > page) answer["nextToken"] = $"{from + page}";
        return answer;
    }

    /// <summary>The commands that were run in tasks: task, container and command.</summary>
    public List<(string Task, string Container, string Command)> Executed { get; } = [];

    private JsonObject Execute(JsonObject input)
    {
        RequireCluster(input);
        var (task, container) = (input["task"]!.GetValue<string>(), input["container"]!.GetValue<string>());
        if (!input["interactive"]!.GetValue<bool>()) throw new Refusal("InvalidParameterException", "Interactive is the only mode supported currently.");
        Executed.Add((task, container, input["command"]!.GetValue<string>()));
        return new()
        {
            ["taskArn"] = task,
            ["containerName"] = container,
            ["interactive"] = true,
            ["session"] = new JsonObject { ["sessionId"] = "ecs-execute-command-1", ["streamUrl"] = "wss://ssmmessages/1", ["tokenValue"] = "token" },
        };
    }

    private JsonObject DescribeRevisions(JsonObject input) => new()
    {
        ["serviceRevisions"] = new JsonArray([.. Texts(input, "serviceRevisionArns")
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

    private JsonObject Continue(JsonObject input)
    {
        var arn = input["serviceDeploymentArn"]!.GetValue<string>();
        var deployment = Find(arn) ?? throw new Refusal("ServiceDeploymentNotFoundException", "Not found.");
        var action = input["action"]?.GetValue<string>() ?? "CONTINUE";
        if (deployment is not ShiftedDeployment shifted || !shifted.Continue(input["hookId"]!.GetValue<string>(), action, Time.GetUtcNow()))
            throw new Refusal("InvalidParameterException", "The hook isn't awaiting an action.");
        return new() { ["serviceDeploymentArn"] = arn };
    }

    private JsonObject RunTask(JsonObject input)
    {
        RequireCluster(input);
        var started = Commands.Run(input);
        _hiddenTasks = LaggingReads;
        return started;
    }

    private JsonObject StopTask(JsonObject input)
    {
        RequireCluster(input);
        return Commands.Stop(input);
    }

    private JsonObject ListTasks(JsonObject input)
    {
        RequireCluster(input);
        if (input["serviceName"]?.GetValue<string>() is not { } name) return Arns([.. Commands.List(input, HiddenTasks), .. ServiceTasksOfFamily(input)]);
        if (!_services.TryGetValue(name, out var service)) throw new Refusal("ServiceNotFoundException", "Service not found.");
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
        if (arns.Count > 100) throw new Refusal("InvalidParameterException", "At most 100.");
        var now = Time.GetUtcNow();
        var all = _services.Values.SelectMany(s => SimulatedEcsTasks.Describe(s, true, now).Concat(SimulatedEcsTasks.Describe(s, false, now))).Concat(Commands.Described(HiddenTasks));
        var found = all.Where(t => arns.Contains(t["taskArn"]!.GetValue<string>())).ToList();
        var missing = arns.Except(found.Select(t => t["taskArn"]!.GetValue<string>())).Select(a => new JsonObject { ["arn"] = a, ["reason"] = "MISSING" });
        return new() { ["tasks"] = new JsonArray([.. found]), ["failures"] = new JsonArray([.. missing]) };
    }

    /// <summary>A task that was just started is not shown by the next reads.</summary>
    private int HiddenTasks => _hiddenTasks-- > 0 ? 1 : 0;

    private static JsonObject Arns(IEnumerable<string> arns) => new() { ["taskArns"] = new JsonArray([.. arns.Take(100).Select(a => JsonValue.Create(a))]) };

    private SimulatedEcsService Service(JsonObject input) =>
        _services.TryGetValue(input["service"]!.GetValue<string>(), out var service) ? service : throw new Refusal("ServiceNotFoundException", "Service not found.");

    private Deployment? Find(string arn) => _services.Values.SelectMany(s => s.Deployments).FirstOrDefault(d => d.Arn == arn);

    /// <summary>Whole as it is described, or brief as it is listed.</summary>
    private JsonObject Told(Deployment deployment, bool whole)
    {
        var now = Time.GetUtcNow();
        var revision = deployment.Arn.Replace("service-deployment", "service-revision", StringComparison.Ordinal);
        var told = new JsonObject { ["serviceDeploymentArn"] = deployment.Arn, ["status"] = deployment.Status(now), ["startedAt"] = deployment.StartedAt.ToUnixTimeSeconds() };
        if (deployment.FinishedAt(now) is { } finished) told["finishedAt"] = finished.ToUnixTimeMilliseconds() / 1000.0;
        if (!whole)
        {
            told["targetServiceRevisionArn"] = revision;
            return told;
        }

        // They are those of its end, and live nowhere but in DescribeServices.
        var running = deployment.RunningNew(deployment.FinishedAt(now) is { } end && end < now ? end : now);
        told["targetServiceRevision"] = new JsonObject { ["arn"] = revision, ["requestedTaskCount"] = running, ["runningTaskCount"] = running, ["pendingTaskCount"] = 0 };
        deployment.Tell(told, now);
        told["deploymentCircuitBreaker"] = new JsonObject { ["failureCount"] = deployment.Failures(now), ["threshold"] = deployment.Threshold };
        return told;
    }

    private void RequireCluster(JsonObject input)
    {
        if (input["cluster"]?.GetValue<string>() != Cluster) throw new Refusal("ClusterNotFoundException", "Cluster not found.");
    }

    private static List<string> Texts(JsonObject input, string member) => [.. input[member]!.AsArray().Select(t => t!.GetValue<string>())];
}
