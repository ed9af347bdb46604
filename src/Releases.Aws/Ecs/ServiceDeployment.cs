using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Represents a service deployment as returned by <c>DescribeServiceDeployments</c>: one rollout and, if it fails, its rollback.
/// </summary>
/// <param name="Raw">The JSON document.</param>
internal sealed record ServiceDeployment(JsonObject Raw)
{
    public string Arn => Raw.Text("serviceDeploymentArn")!;

    public ServiceDeploymentStatus Status => Raw.Text("status") switch
    {
        "PENDING" => ServiceDeploymentStatus.Pending,
        "IN_PROGRESS" => ServiceDeploymentStatus.InProgress,
        "SUCCESSFUL" => ServiceDeploymentStatus.Successful,
        "STOP_REQUESTED" => ServiceDeploymentStatus.StopRequested,
        "STOPPED" => ServiceDeploymentStatus.Stopped,
        "ROLLBACK_REQUESTED" => ServiceDeploymentStatus.RollbackRequested,
        "ROLLBACK_IN_PROGRESS" => ServiceDeploymentStatus.RollbackInProgress,
        "ROLLBACK_SUCCESSFUL" => ServiceDeploymentStatus.RollbackSuccessful,
        "ROLLBACK_FAILED" => ServiceDeploymentStatus.RollbackFailed,
        _ => ServiceDeploymentStatus.Unknown,
    };

    /// <summary>Whether ECS returned a status at all.</summary>
    public bool HasStatus => Raw.Text("status") is not null;

    /// <summary>When it was created, or null if ECS doesn't say.</summary>
    public DateTimeOffset? CreatedAt => Raw.Time("createdAt");

    /// <summary>When it finished, or null while it is running.</summary>
    public DateTimeOffset? FinishedAt => Raw.Time("finishedAt");

    /// <summary>When its rollback began, or null if it wasn't rolled back or ECS doesn't say.</summary>
    public DateTimeOffset? RollbackStartedAt => Raw["rollback"].Time("startedAt");

    /// <summary>The ARN of the service revision that it rolls out, or null if ECS doesn't show it yet.</summary>
    public string? TargetRevision => Raw["targetServiceRevision"].Text("arn");

    /// <summary>Why it was rolled back, or ECS's reason for its status; null if there is none.</summary>
    public string? Reason => Raw["rollback"].Text("reason") ?? Raw.Text("statusReason");

    /// <summary>Its lifecycle stage, with a strategy that shifts traffic; null if the strategy has no stages or it has ended.</summary>
    public LifecycleStage? Stage => Raw.Text("lifecycleStage") is { } name ? new(name) : null;

    /// <summary>The new revision's share of the production traffic in percent, or null if the strategy doesn't shift traffic.</summary>
    public int? Share => Raw["targetServiceRevision"]?["requestedProductionTrafficWeight"] is JsonValue weight
        && weight.TryGetValue<double>(out var percent) ? (int)Math.Round(percent) : null;

    public int? RunningNew => Raw["targetServiceRevision"].Number("runningTaskCount");

    public IEnumerable<DeploymentHook> Hooks => Raw.Objects("lifecycleHookDetails").Select(h => new DeploymentHook(h));

    /// <summary>
    /// Returns the id of the PAUSE hook that is waiting at this stage, provided that no other hook is waiting there; otherwise null.
    /// </summary>
    public string? PausedAt(LifecycleStage stage) =>
        Stage == stage && Hooks.Where(h => h.Waits).ToList() is [{ IsPause: true, Id: { } id }] ? id : null;

    public IEnumerable<string> TriggeredAlarms => Raw["alarms"].Texts("triggeredAlarmNames");

    public int? FailureCount => Raw["deploymentCircuitBreaker"].Number("failureCount");

    /// <summary>The number of failed tasks at which the circuit breaker opens, or null if it's off.</summary>
    public int? FailureThreshold =>
        Raw["deploymentCircuitBreaker"].Text("status") == "DISABLED" ? null : Raw["deploymentCircuitBreaker"].Number("threshold");
}

/// <summary>Represents a hook that a service deployment ran or is waiting for.</summary>
/// <param name="Raw">The JSON document.</param>
internal sealed record DeploymentHook(JsonObject Raw)
{
    public DeploymentHookStatus Status => Raw.Text("status") switch
    {
        "AWAITING_ACTION" => DeploymentHookStatus.AwaitingAction,
        "IN_PROGRESS" => DeploymentHookStatus.InProgress,
        _ => DeploymentHookStatus.Other,
    };

    public string? Id => Raw.Text("hookId");

    /// <summary>Whether it waits for a decision, rather than calling a function.</summary>
    public bool IsPause => PauseHook.IsPause(Raw);

    /// <summary>The function of a Lambda hook, or <c>PAUSE</c> with the id that is needed to continue.</summary>
    public string Name => Raw.Text("targetArn") is { } arn ? arn[(arn.LastIndexOf(':') + 1)..] : $"PAUSE ({Raw.Text("hookId")})";

    /// <summary>When ECS stops waiting, or null if it doesn't say.</summary>
    public DateTimeOffset? ExpiresAt => Raw.Time("expiresAt");

    /// <summary>Whether the deployment waits for it.</summary>
    public bool Waits => Status is DeploymentHookStatus.AwaitingAction or DeploymentHookStatus.InProgress;
}

/// <summary>Specifies the status of a hook.</summary>
internal enum DeploymentHookStatus
{
    /// <summary>It is over, or in a status that this version doesn't know.</summary>
    Other,

    /// <summary>It waits for a decision.</summary>
    AwaitingAction,

    /// <summary>Its function is running.</summary>
    InProgress,
}

/// <summary>Specifies the status of a service deployment.</summary>
internal enum ServiceDeploymentStatus
{
    /// <summary>A status that this version doesn't know; treated as running.</summary>
    Unknown,
    Pending,
    InProgress,
    Successful,
    StopRequested,
    Stopped,
    RollbackRequested,
    RollbackInProgress,
    RollbackSuccessful,
    RollbackFailed,
}
