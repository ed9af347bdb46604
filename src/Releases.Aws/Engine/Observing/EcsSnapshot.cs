using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// What one driver knows of one promotion in addition to the journal. ECS is read for all services at once and once per observation, so
/// that the number of calls doesn't grow with the services.
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

    /// <summary>Whether ECS knows service deployments.</summary>
    public bool HasServiceDeployments { get; private set; } = true;

    /// <summary>The deployments that were found for a task definition of a service, where no answer told them.</summary>
    public Dictionary<string, string> Found { get; } = [];

    /// <summary>The task definitions that a read has shown in place.</summary>
    public HashSet<string> SeenInPlace { get; } = [];

    /// <summary>What was read of a service before it was touched.</summary>
    public Dictionary<ServiceName, ServicePlan> Plans { get; } = [];

    /// <summary>What is published of the release's environment; null before that.</summary>
    public IReadOnlyDictionary<string, string>? Secrets { get; set; }

    /// <summary>Why each service failed, once that was found out, as ECS forgets within the hour.</summary>
    public Dictionary<ServiceName, TaskFailure> Failures { get; } = [];

    /// <summary>How long ECS takes for steps and bakes of its own, as it was when the rollout was checked.</summary>
    public TimeSpan ShiftTime { get; set; }

    /// <summary>Whether ECS shifts the traffic of a service of the rollout; null before that was read.</summary>
    public bool? Shifts { get; set; }

    /// <summary>What the next read has to bring as well.</summary>
    public void Expect(string service, string? deployment)
    {
        _names.Add(service);
        if (deployment is not null) _arns.Add(deployment);
        _fresh = false;
    }

    /// <summary>The next read asks ECS again.</summary>
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

    /// <summary>The task definition that a service deployment aims at; null if that is not shown yet.</summary>
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

    /// <summary>ECS answered that it does not know service deployments.</summary>
    public void LacksServiceDeployments() => HasServiceDeployments = false;
}
