using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Represents what one driver knows about one promotion in addition to the journal. ECS is read for all services together and once per
/// observation, so that the number of calls doesn't grow with the number of services.
/// </summary>
internal sealed class EcsSnapshot(EcsClient ecs, PromotionId promotion, ReadPace pace)
{
    private readonly HashSet<string> _names = [];
    private readonly HashSet<string> _arns = [];
    private readonly Dictionary<string, string> _targets = [];
    private Dictionary<string, EcsService> _services = [];
    private Dictionary<string, ServiceDeployment> _deployments = [];
    private bool _fresh;

    public PromotionId Promotion => promotion;

    public ReadPace Pace => pace;

    /// <summary>Whether ECS supports service deployments.</summary>
    public bool HasServiceDeployments { get; private set; } = true;

    /// <summary>The deployments that were found for a task definition of a service, because no response included them.</summary>
    public Dictionary<string, string> Found { get; } = [];

    /// <summary>The task definitions that a read has shown in place.</summary>
    public HashSet<string> SeenInPlace { get; } = [];

    /// <summary>What was read about each service before it was changed.</summary>
    public Dictionary<ServiceName, ServicePlan> Plans { get; } = [];

    /// <summary>The published references of the release's environment, or null before it is published.</summary>
    public IReadOnlyDictionary<string, string>? Secrets { get; set; }

    /// <summary>Why each service failed, kept once it was determined, because ECS forgets it within the hour.</summary>
    public Dictionary<ServiceName, TaskFailure> Failures { get; } = [];

    /// <summary>How many tasks of each service have failed so far, and why the newest did.</summary>
    public Dictionary<ServiceName, (int Tasks, TaskFailure Newest)> FailuresSoFar { get; } = [];

    /// <summary>How long ECS's own steps and bakes take, or null before that was read.</summary>
    public TimeSpan? ShiftTime { get; set; }

    /// <summary>Whether ECS shifts the traffic of any service of the rollout, or null before that was read.</summary>
    public bool? Shifts { get; set; }

    /// <summary>Adds what the next read has to include.</summary>
    public void Expect(string service, string? deployment)
    {
        _names.Add(service);
        if (deployment is not null) _arns.Add(deployment);
        _fresh = false;
    }

    /// <summary>Makes the next read call ECS.</summary>
    public void Invalidate() => _fresh = false;

    public async Task<EcsService?> Service(string name, CancellationToken cancel)
    {
        await Read(_names.Add(name), cancel);
        return _services.GetValueOrDefault(name);
    }

    public async Task<ServiceDeployment?> Deployment(string arn, CancellationToken cancel)
    {
        await Read(_arns.Add(arn), cancel);
        return _deployments.GetValueOrDefault(arn);
    }

    /// <summary>Returns the task definition that a service deployment rolls out, or null if ECS doesn't show it yet.</summary>
    public async Task<string?> TargetOf(ServiceDeployment deployment, CancellationToken cancel)
    {
        if (deployment.TargetRevision is not { } revision) return null;
        if (_targets.TryGetValue(revision, out var known)) return known;
        var target = await ecs.TaskDefinitionOf(revision, cancel);
        if (target is not null) _targets[revision] = target;
        return target;
    }

    private async Task Read(bool isNew, CancellationToken cancel)
    {
        if (_fresh && !isNew) return;
        var (services, deployments) = (await ecs.Services(_names, cancel), _deployments);
        if (HasServiceDeployments && _arns.Count > 0)
        {
            var found = await ecs.Deployments(_arns, cancel);
            (HasServiceDeployments, deployments) = (found is not null, found ?? []);
        }

        if (!Same(services, _services, s => s.Raw) || !Same(deployments, _deployments, d => d.Raw)) pace.Changed();
        (_services, _deployments, _fresh) = (services, deployments, true);
    }

    private static bool Same<T>(Dictionary<string, T> read, Dictionary<string, T> before, Func<T, JsonObject> raw) =>
        read.Count == before.Count
        && read.All(r => before.TryGetValue(r.Key, out var known) && JsonNode.DeepEquals(raw(r.Value), raw(known)));

    /// <summary>Records that ECS doesn't support service deployments.</summary>
    public void LacksServiceDeployments() => HasServiceDeployments = false;
}
