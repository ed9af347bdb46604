namespace Releases.Aws;

/// <summary>Represents what was read about one service's rollout, at one moment. Reads of ECS can lag behind its writes.</summary>
/// <param name="Service">The service as returned by DescribeServices.</param>
/// <param name="Ours">The task definition that it was asked to run.</param>
/// <param name="Before">The task definitions before: the active one, and its copy if one was made; may be empty.</param>
internal sealed record RolloutFacts(EcsService Service, string Ours, IReadOnlyCollection<string> Before)
{
    /// <summary>
    /// Our service deployment as returned by DescribeServiceDeployments; null if ECS doesn't show it yet, or doesn't support the call.
    /// </summary>
    public ServiceDeployment? Deployment { get; init; }

    /// <summary>Whether ECS supports service deployments; older endpoints don't.</summary>
    public bool HasServiceDeployments { get; init; } = true;

    /// <summary>The task definition of the revision that our service deployment rolls out.</summary>
    public string? DeploymentTarget { get; init; }

    /// <summary>
    /// Whether ECS hasn't shown the target of our service deployment for so long that it won't. It was returned by our own update and isn't
    /// from before it, so it is ours.
    /// </summary>
    public bool IsTargetHidden { get; init; }

    /// <summary>
    /// The individual tasks of this release, if a deployment is considered done before all of them are healthy; null if they weren't read.
    /// </summary>
    public LiveTasks? Live { get; init; }

    /// <summary>Whether an earlier read showed the service with our task definition, so that its absence isn't read lag.</summary>
    public bool WasOurs { get; init; }

    public EcsDeployment? Primary => Service.Primary;

    public int DeploymentCount => Service.Deployments.Count();

    public int Desired => Service.DesiredCount ?? 0;

    /// <summary>The number of our running tasks, from the deployment's own count, which stays live.</summary>
    public int Running => Primary?.RunningCount ?? 0;

    /// <summary>The number of our healthy tasks if they were read individually; else that of the running ones.</summary>
    public int Healthy => Live is { } live ? Math.Min(live.Healthy, Running) : Running;

    /// <summary>The number of running tasks with other task definitions.</summary>
    public int Old => Service.Deployments.Where(d => d.TaskDefinition != Ours).Sum(d => d.RunningCount ?? 0);

    /// <summary>Whether the service's settings allow old tasks to outlive the success.</summary>
    public bool OldMayRunOn => EarlySuccess.Defers(Service);
}
