namespace Releases.Aws;

/// <summary>What was read of one service's rollout, at one moment. Reads of ECS can lag behind its writes.</summary>
/// <param name="Service">The service, as DescribeServices gives it.</param>
/// <param name="Ours">The task definition that it was asked to run.</param>
/// <param name="Before">The task definitions before: the one that was active, and its copy if one was made; empty: none.</param>
internal sealed record RolloutFacts(EcsService Service, string Ours, IReadOnlyCollection<string> Before)
{
    /// <summary>
    /// Our service deployment, as DescribeServiceDeployments gives it; null if it is not shown yet, or ECS does not know that call.
    /// </summary>
    public ServiceDeployment? Deployment { get; init; }

    /// <summary>Whether ECS knows service deployments; endpoints that are older do not.</summary>
    public bool HasServiceDeployments { get; init; } = true;

    /// <summary>The task definition of the revision that our service deployment aims at.</summary>
    public string? DeploymentTarget { get; init; }

    /// <summary>
    /// ECS has not told for so long what our service deployment aims at that it will not: it was told with our update, and is ours.
    /// </summary>
    public bool IsTargetHidden { get; init; }

    /// <summary>
    /// Our tasks one by one, where a deployment is called done before all of them are healthy; null: they were not looked at.
    /// </summary>
    public LiveTasks? Live { get; init; }

    /// <summary>Whether an earlier read showed the service with our task definition, so that its absence is no lag.</summary>
    public bool WasOurs { get; init; }

    public EcsDeployment? Primary => Service.Primary;

    public int DeploymentCount => Service.Deployments.Count();

    public int Desired => Service.DesiredCount ?? 0;

    /// <summary>Our tasks that are running, by the deployment's own count, which stays live.</summary>
    public int Running => Primary?.RunningCount ?? 0;

    /// <summary>Our healthy tasks, if they were read one by one; else those that are running.</summary>
    public int Healthy => Live is { } live ? Math.Min(live.Healthy, Running) : Running;

    /// <summary>Running tasks of other task definitions.</summary>
    public int Old => Service.Deployments.Where(d => d.TaskDefinition != Ours).Sum(d => d.RunningCount ?? 0);

    /// <summary>Whether the service's settings let old tasks outlive the success.</summary>
    public bool OldMayRunOn => EarlySuccess.Defers(Service);
}
