using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Represents a service as returned by <c>DescribeServices</c>, with its tags. The whole document is kept, because parts of it are sent
/// back to ECS.
/// </summary>
/// <param name="Raw">The JSON document.</param>
internal sealed record EcsService(JsonObject Raw)
{
    public string Name => Raw.Text("serviceName")!;

    public EcsServiceStatus Status => Raw.Text("status") switch
    {
        null or "ACTIVE" => EcsServiceStatus.Active,
        "DRAINING" => EcsServiceStatus.Draining,
        "INACTIVE" => EcsServiceStatus.Inactive,
        _ => EcsServiceStatus.Unknown,
    };

    /// <summary>The status as ECS names it, for display.</summary>
    public string? StatusText => Raw.Text("status");

    public string? TaskDefinition => Raw.Text("taskDefinition");

    public int? DesiredCount => Raw.Number("desiredCount");

    public int? RunningCount => Raw.Number("runningCount");

    public IEnumerable<EcsDeployment> Deployments => Raw.Objects("deployments").Select(d => new EcsDeployment(d));

    /// <summary>The deployment that the service converges to, or null if it has none.</summary>
    public EcsDeployment? Primary => Deployments.FirstOrDefault(d => d.IsPrimary);

    /// <summary>
    /// Whether the task definition that the service is to run hasn't taken effect, judged by the deployment that the service converges to:
    /// it is in flight, or it failed and wasn't rolled back, so that tasks of an earlier one still run. A deployment that is only draining
    /// beside it, as for two weeks after an early success, doesn't count.
    /// </summary>
    public bool IsMoving => Primary?.RolloutState is { } state
        ? state == EcsRolloutState.InProgress || HasFailed
        : Deployments.Any(d => !d.IsPrimary && d.DesiredCount is not 0);

    /// <summary>
    /// Whether the deployment that the service converges to failed and wasn't rolled back, while tasks run. Without any task, as after a
    /// first deployment that failed, there is nothing to return to, and nothing to lose.
    /// </summary>
    public bool HasFailed =>
        Primary?.RolloutState == EcsRolloutState.Failed && Deployments.Any(d => d.RunningCount is not (null or 0));

    public JsonObject? Configuration => Raw["deploymentConfiguration"] as JsonObject;

    public int? MinimumHealthyPercent => Configuration.Number("minimumHealthyPercent");

    public int? MaximumPercent => Configuration.Number("maximumPercent");

    public JsonArray? LoadBalancers => Raw["loadBalancers"] as JsonArray;

    /// <summary>Whether a load balancer has two target groups between which ECS can shift traffic.</summary>
    public bool CanShiftTraffic => Raw.Objects("loadBalancers").Any(b => b["advancedConfiguration"] is JsonObject);

    /// <summary>Whether new tasks can be reached before they get production traffic.</summary>
    public bool TakesTestTraffic => TestListenerRule is not null;

    /// <summary>
    /// The listener rule, or with a Network Load Balancer the listener, that gives new tasks test traffic; null if there is none.
    /// </summary>
    public string? TestListenerRule =>
        Raw.Objects("loadBalancers").Select(b => b["advancedConfiguration"].Text("testListenerRule"))
            .FirstOrDefault(r => r is not null);

    /// <summary>The distinct target groups in which its tasks are registered.</summary>
    public IReadOnlyList<string> TargetGroups =>
    [
        .. Raw.Objects("loadBalancers")
            .SelectMany(b => (string?[])[b.Text("targetGroupArn"), b["advancedConfiguration"].Text("alternateTargetGroupArn")])
            .OfType<string>().Distinct(),
    ];

    public bool HasNetworkConfiguration => Raw["networkConfiguration"] is not null;

    /// <summary>Returns the value of a tag, or null if the service doesn't have it.</summary>
    public string? Tag(string key) => TaskTags.Find(Raw["tags"] as JsonArray, key);
}

/// <summary>Specifies the status of a service.</summary>
internal enum EcsServiceStatus
{
    /// <summary>A status that this version doesn't know.</summary>
    Unknown,
    Active,
    Draining,

    /// <summary>It was deleted; ECS still describes it for a while.</summary>
    Inactive,
}

/// <summary>Represents one of the deployments that a service lists: the older view of a rollout, with live counts.</summary>
/// <param name="Raw">The JSON document.</param>
internal sealed record EcsDeployment(JsonObject Raw)
{
    public EcsDeploymentStatus Status => Raw.Text("status") switch
    {
        "PRIMARY" => EcsDeploymentStatus.Primary,
        "ACTIVE" => EcsDeploymentStatus.Active,
        "INACTIVE" => EcsDeploymentStatus.Inactive,
        _ => EcsDeploymentStatus.Unknown,
    };

    /// <summary>Whether the service converges to it.</summary>
    public bool IsPrimary => Status == EcsDeploymentStatus.Primary;

    public string? TaskDefinition => Raw.Text("taskDefinition");

    public int? DesiredCount => Raw.Number("desiredCount");

    public int? RunningCount => Raw.Number("runningCount");

    public int? PendingCount => Raw.Number("pendingCount");

    public int? FailedTasks => Raw.Number("failedTasks");

    /// <summary>The state of the rollout, or null with an older endpoint, which doesn't return one.</summary>
    public EcsRolloutState? RolloutState => Raw.Text("rolloutState") switch
    {
        null => null,
        "IN_PROGRESS" => EcsRolloutState.InProgress,
        "COMPLETED" => EcsRolloutState.Completed,
        "FAILED" => EcsRolloutState.Failed,
        _ => EcsRolloutState.Unknown,
    };

    public string? RolloutStateReason => Raw.Text("rolloutStateReason");
}

/// <summary>Specifies the status of a deployment among those of its service.</summary>
internal enum EcsDeploymentStatus
{
    /// <summary>A status that this version doesn't know.</summary>
    Unknown,

    /// <summary>The newest one.</summary>
    Primary,

    /// <summary>It still has tasks, and is being replaced.</summary>
    Active,
    Inactive,
}

/// <summary>Specifies the state of a deployment's rollout.</summary>
internal enum EcsRolloutState
{
    /// <summary>A state that this version doesn't know.</summary>
    Unknown,
    InProgress,
    Completed,
    Failed,
}
