using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Releases.Testing.Simulation.Ecs;

/// <summary>
/// A cluster of ECS over real HTTP, in virtual time, with a scheduler of its own. Written from what is known of ECS and not from the
/// product, so that a misunderstanding would have to be made twice.
/// </summary>
internal sealed partial class SimulatedEcs : SimulatedService
{
    private static readonly string[] Updatable =
        ["cluster", "service", "desiredCount", "taskDefinition", "deploymentConfiguration", "forceNewDeployment",
            "healthCheckGracePeriodSeconds", "enableExecuteCommand"];

    private static readonly string[] Newer =
        ["DescribeServiceDeployments", "ListServiceDeployments", "DescribeServiceRevisions", "StopServiceDeployment",
            "ContinueServiceDeployment"];

    private readonly Dictionary<string, SimulatedEcsService> _services = [];
    private readonly Throttle _throttle;
    private int _hidden;
    private int _hiddenTasks;

    public SimulatedEcs(TimeProvider? time = null)
    {
        Time = time ?? Virtual;
        Definitions = new(Time);
        _throttle = new(Time);
        StandaloneTasks = new(Definitions, () =>
            _services.Values.SelectMany(s => TaskDefinitions.HostPorts(Definitions.Definition(s.Current.Primary(Time.GetUtcNow())))), Time);
    }

    /// <summary>The one cluster that there is.</summary>
    public string Cluster { get; init; } = "production";

    /// <summary>The clock, unless a test gave another one.</summary>
    public FakeTimeProvider Virtual { get; } = new(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public TimeProvider Time { get; }

    public TaskDefinitions Definitions { get; }

    /// <summary>The tasks of no service.</summary>
    public StandaloneTasks StandaloneTasks { get; }

    /// <summary>What becomes of the next deployments of a service; else they are healthy after <see cref="TimeToHealthy"/>.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<TaskBehavior>> Behaviors { get; } = new();

    public TimeSpan TimeToHealthy { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Endpoints that are older do not know service deployments.</summary>
    public bool SupportsServiceDeployments { get; set; } = true;

    /// <summary>An endpoint that has the operation and nothing behind it.</summary>
    public bool ListsNoServiceDeployments { get; set; }

    /// <summary>How many deployments a page has at most.</summary>
    public int DeploymentsPerPage { get; set; } = 100;

    /// <summary>Still older ones do not report the state of a rollout.</summary>
    public bool ReportsRolloutState { get; set; } = true;

    /// <summary>Sources differ on whether the PRIMARY that a rollback brings has a new id.</summary>
    public bool RollbackKeepsDeploymentId { get; set; }

    /// <summary>How long a task runs before its container's health check has passed, where it has one.</summary>
    public TimeSpan HealthCheckTakes { get; set; }

    /// <summary>Where the services' running tasks are reached.</summary>
    public IEnumerable<string> Addresses
    {
        get
        {
            lock (Gate)
                return
                [
                    .. _services.Values.SelectMany(s => SimulatedEcsTasks.Describe(s, stopped: false, Time.GetUtcNow()))
                        .Select(t => t["containers"]![0]!["networkInterfaces"]![0]!["privateIpv4Address"]!.GetValue<string>()),
                ];
        }
    }

    /// <summary>How many calls met a limit.</summary>
    public int Throttled { get; set; }

    /// <summary>How many reads after each change still show what was before.</summary>
    public int LaggingReads { get; set; }

    /// <summary>How long <c>currentServiceDeployment</c> is still the service deployment before.</summary>
    public TimeSpan CurrentDeploymentLag { get; set; }

    /// <summary>Sources differ on whether an update keeps what its deployment configuration leaves out; else it is removed.</summary>
    public bool MergesConfiguration { get; set; }

    /// <summary>A service that runs this task definition, stable for long.</summary>
    public SimulatedEcsService Add(string service, string taskDefinition, int desired = 1, JsonArray? tags = null)
    {
        var made = new SimulatedEcsService(service, desired, tags ?? []);
        made.Begin(Definitions.RequireActive(taskDefinition), new TaskBehavior.BecomesHealthy(TimeSpan.Zero),
            Time.GetUtcNow() - TimeSpan.FromDays(1));
        // It is looked for once it has a deployment.
        lock (Gate) return _services[service] = made;
    }

    /// <summary>Somebody deletes a service with its tasks. For a while ECS still describes it, as INACTIVE.</summary>
    public void Delete(string service)
    {
        lock (Gate)
        {
            _services[service].Desired = 0;
            _services[service].More["status"] = "INACTIVE";
            _services[service].More["deployments"] = new JsonArray();
        }
    }

    /// <summary>ECS has forgotten a service that was deleted.</summary>
    public void Remove(string service)
    {
        lock (Gate) _services.Remove(service, out _);
    }

    public SimulatedEcsService this[string service]
    {
        get
        {
            lock (Gate) return _services[service];
        }
    }

    /// <summary>The task definition that a service runs; null: none that is healthy does.</summary>
    public string? Runs(string service)
    {
        lock (Gate)
            return _services.TryGetValue(service, out var state) && state.Desired > 0
                ? state.Current.IsOver(Time.GetUtcNow()) && !state.Current.HasFailed(Time.GetUtcNow())
                    ? state.Current.Primary(Time.GetUtcNow()) : state.LastCompleted(Time.GetUtcNow())
                : null;
    }

    protected override void AdvanceClock(TimeSpan time) => Virtual.Advance(time);

    protected override JsonObject Handle(string operation, JsonObject input)
    {
        foreach (var service in _services.Values) service.AdvanceTo(Time.GetUtcNow());
        try
        {
            _throttle.Take(operation);
        }
        catch (ServiceError)
        {
            Throttled++;
            throw;
        }

        if (!SupportsServiceDeployments && Newer.Contains(operation)) throw new ServiceError("UnknownOperationException", "");
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
            _ => throw new ServiceError("UnknownOperationException", operation),
        };
    }

    private JsonObject Register(JsonObject input)
    {
        var registered = Definitions.Register(input);
        _hidden = LaggingReads;
        return registered;
    }

    private SimulatedEcsService Service(JsonObject input) =>
        _services.TryGetValue(input["service"]!.GetValue<string>(), out var service)
            ? service
            : throw new ServiceError("ServiceNotFoundException", "Service not found.");

    private void RequireCluster(JsonObject input)
    {
        if (input["cluster"]?.GetValue<string>() != Cluster) throw new ServiceError("ClusterNotFoundException", "Cluster not found.");
    }

    private static List<string> Texts(JsonObject input, string member) => [.. input[member]!.AsArray().Select(t => t!.GetValue<string>())];
}
