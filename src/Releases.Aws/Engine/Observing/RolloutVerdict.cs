namespace Releases.Aws;

/// <summary>Represents the state of a rollout on ECS.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">ECS's explanation, for display, or null if there is none.</param>
internal sealed record RolloutVerdict(RolloutState State, string? Reason = null)
{
    /// <summary>Whether somebody else changed the service, rather than ECS.</summary>
    public bool IsOfSomebodyElse { get; private init; }

    /// <summary>
    /// Determines the state. A stable service doesn't prove a release: after the circuit breaker, it is stable on the previous version. So
    /// our own service deployment decides; with an endpoint that has none, the service's deployments do.
    /// </summary>
    public static RolloutVerdict From(RolloutFacts seen)
    {
        if (seen.Primary?.TaskDefinition is { } runs && runs != seen.Ours && !seen.Before.Contains(runs))
            return new(RolloutState.Superseded, $"its task definition is {runs}, neither this release's nor the previous one");
        if (seen.Deployment is { } deployment) return ByServiceDeployment(seen, deployment);
        return seen.HasServiceDeployments ? new(RolloutState.Running, "ECS doesn't show its deployment yet") : ByDeployments(seen);
    }

    /// <summary>An unknown status, as of a later version of ECS, counts as running.</summary>
    private static RolloutVerdict ByServiceDeployment(RolloutFacts seen, ServiceDeployment deployment) => deployment.Status switch
    {
        ServiceDeploymentStatus.Successful => Landed(seen, seen.DeploymentTarget is { } aim ? aim == seen.Ours : seen.IsTargetHidden),
        ServiceDeploymentStatus.RollbackRequested or ServiceDeploymentStatus.RollbackInProgress => new(
            RolloutState.RollingBack, Why(deployment)),
        ServiceDeploymentStatus.RollbackSuccessful => new(RolloutState.RolledBack, Why(deployment)),
        ServiceDeploymentStatus.RollbackFailed => new(RolloutState.RollbackFailed, Why(deployment)),
        ServiceDeploymentStatus.Stopped =>
            new(RolloutState.Stopped, Why(deployment) ?? "its deployment was stopped") { IsOfSomebodyElse = true },
        _ => new(RolloutState.Running, Why(deployment)),
    };

    private static RolloutVerdict ByDeployments(RolloutFacts seen)
    {
        var primary = seen.Primary;
        var reason = primary?.RolloutStateReason;
        if (primary?.TaskDefinition != seen.Ours)
            return new(seen.WasOurs ? RolloutState.RolledBack : RolloutState.Running, reason);
        return primary?.RolloutState switch
        {
            EcsRolloutState.Completed => Landed(seen, true),
            EcsRolloutState.Failed => new(RolloutState.RollingBack, reason),
            // Even older endpoints don't report a state: a deployment is done when it is the only one and has all its tasks.
            null when seen.DeploymentCount == 1 && seen.Running >= seen.Desired => Landed(seen, true),
            _ => new(RolloutState.Running, reason),
        };
    }

    /// <summary>
    /// A success that ECS reports is verified against the tasks: with early success, ECS reports it while new tasks are missing and old
    /// ones serve.
    /// </summary>
    private static RolloutVerdict Landed(RolloutFacts seen, bool aimedAtOurs)
    {
        var runs = seen.Primary?.TaskDefinition;
        if (runs != seen.Ours && seen.WasOurs && runs is not null && seen.Before.Contains(runs))
            return new(RolloutState.RolledBack, "the previous version was put back after ECS had reported success")
            { IsOfSomebodyElse = true };
        if (!aimedAtOurs || runs != seen.Ours)
            return new(RolloutState.Unfinished, "ECS hasn't shown this release in place yet");
        if (seen.Healthy < seen.Desired)
            return new(RolloutState.Unfinished, $"ECS reports success, but only {seen.Healthy} of {seen.Desired} tasks are running");
        if (seen.Old > 0 && !seen.OldMayRunOn)
            return new(RolloutState.Unfinished, $"{seen.Old} old {(seen.Old == 1 ? "task is" : "tasks are")} still running");
        if (seen.Desired == 0) return new(RolloutState.Empty, EmptyRollout.NotVerified);
        return new(
            RolloutState.Succeeded,
            seen.Old > 0
                ? $"{seen.Old} old {(seen.Old == 1 ? "task keeps" : "tasks keep")} running for now: "
                    + "the service defers stopping them (early success)"
                : null);
    }

    private static string? Why(ServiceDeployment deployment)
    {
        var alarms = deployment.TriggeredAlarms.ToList();
        List<string?> parts =
        [
            deployment.Reason,
            alarms.Count > 0 ? $"{(alarms.Count == 1 ? "the alarm" : "the alarms")} {string.Join(", ", alarms)} went off" : null,
            deployment.FailureCount is > 0 and var failures
                ? $"{Quantity.Text(failures, "task")} failed" : null,
            deployment is { FailureCount: > 0, FailureThreshold: { } limit } ? $"the limit is {limit}" : null,
        ];
        var said = string.Join("; ", parts.OfType<string>().Select(p => p.TrimEnd('.')));
        return said.Length > 0 ? said : null;
    }
}

/// <summary>Specifies the state of a rollout.</summary>
public enum RolloutState
{
    /// <summary>It is running, or its end isn't visible yet.</summary>
    Running,

    /// <summary>
    /// This release is in place: its deployment was successful, the service has its task definition, and the desired number of its own
    /// tasks is running.
    /// </summary>
    Succeeded,

    /// <summary>ECS reports success, so it can no longer be stopped, but it isn't in place.</summary>
    Unfinished,

    /// <summary>It is in place with a desired count of 0, so nothing verified it.</summary>
    Empty,

    /// <summary>It failed, and ECS is rolling it back.</summary>
    RollingBack,

    /// <summary>It failed, and the previous version is in place.</summary>
    RolledBack,

    /// <summary>It failed, and ECS couldn't roll it back, as with a first deployment.</summary>
    RollbackFailed,

    /// <summary>Someone stopped it without a rollback.</summary>
    Stopped,

    /// <summary>The service runs neither this release nor the previous one; it must be left alone.</summary>
    Superseded,
}
