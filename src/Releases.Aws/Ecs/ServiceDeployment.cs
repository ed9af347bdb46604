using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>A service deployment as <c>DescribeServiceDeployments</c> returns it: one rollout and, if it fails, its rollback.</summary>
/// <param name="Raw">The document.</param>
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

    /// <summary>Null while it is running.</summary>
    public DateTimeOffset? FinishedAt => Raw.Time("finishedAt");

    /// <summary>The ARN of the service revision that it rolls out; null: not shown yet.</summary>
    public string? TargetRevision => Raw["targetServiceRevision"].Text("arn");

    /// <summary>Why it was rolled back, or ECS's reason for its status; null: none.</summary>
    public string? Reason => Raw["rollback"].Text("reason") ?? Raw.Text("statusReason");

    /// <summary>Where it is, with a strategy that shifts traffic; null: the strategy has no stages, or it has ended.</summary>
    public string? Stage => Raw.Text("lifecycleStage");

    /// <summary>The new revision's share of the production traffic in percent; null: the strategy doesn't shift traffic.</summary>
    public int? Share => Raw["targetServiceRevision"]?["requestedProductionTrafficWeight"] is JsonValue weight
        && weight.TryGetValue<double>(out var percent) ? (int)Math.Round(percent) : null;

    public int? RunningNew => Raw["targetServiceRevision"].Number("runningTaskCount");

    public IEnumerable<DeploymentHook> Hooks => Raw.Objects("lifecycleHookDetails").Select(h => new DeploymentHook(h));

    /// <summary>
    /// The id of the PAUSE hook that waits at this stage, if nothing else waits there; null: none does.
    /// </summary>
    public string? PausedAt(string stage) =>
        Stage == stage && Hooks.Where(h => h.Waits).ToList() is [{ IsPause: true, Id: { } id }] ? id : null;

    public IEnumerable<string> TriggeredAlarms => Raw["alarms"].Texts("triggeredAlarmNames");

    public int? FailureCount => Raw["deploymentCircuitBreaker"].Number("failureCount");

    /// <summary>With how many failed tasks the circuit breaker opens.</summary>
    public int? FailureThreshold => Raw["deploymentCircuitBreaker"].Number("threshold");
}

/// <summary>A hook that a service deployment ran or waits for.</summary>
/// <param name="Raw">The document.</param>
internal sealed record DeploymentHook(JsonObject Raw)
{
    public string? Status => Raw.Text("status");

    public string? Id => Raw.Text("hookId");

    /// <summary>Whether it waits for somebody, and calls no function.</summary>
    public bool IsPause => Raw.Text("targetType") == "PAUSE";

    /// <summary>The function of a Lambda hook, or <c>PAUSE</c> with the id by which somebody lets it continue.</summary>
    public string Name => Raw.Text("targetArn") is { } arn ? arn[(arn.LastIndexOf(':') + 1)..] : $"PAUSE ({Raw.Text("hookId")})";

    /// <summary>When ECS stops waiting; null: it doesn't say.</summary>
    public DateTimeOffset? ExpiresAt => Raw.Time("expiresAt");

    public bool Waits => Status is "AWAITING_ACTION" or "IN_PROGRESS";
}

/// <summary>The status of a service deployment.</summary>
internal enum ServiceDeploymentStatus
{
    /// <summary>One that this version doesn't know: it counts as one that is running.</summary>
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
