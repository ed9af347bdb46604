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

    public int? FailureCount => Raw["deploymentCircuitBreaker"].Number("failureCount");

    /// <summary>With how many failed tasks the circuit breaker opens.</summary>
    public int? FailureThreshold => Raw["deploymentCircuitBreaker"].Number("threshold");
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
