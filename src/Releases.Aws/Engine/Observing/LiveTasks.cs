namespace Releases.Aws;

/// <summary>Represents the actual tasks of one task definition, for cases in which the count of running tasks isn't enough.</summary>
/// <param name="Healthy">The number of running tasks that are healthy according to their containers' own health checks.</param>
/// <param name="InPlaceAt">When the desired number of tasks had started, or null if they haven't.</param>
internal sealed record LiveTasks(int Healthy, DateTimeOffset? InPlaceAt)
{
    /// <param name="tasks">
    /// The service's tasks, including those that stopped recently: one that was replaced since then was in place.
    /// </param>
    /// <param name="definition">The task definition.</param>
    /// <param name="desired">The desired number of tasks.</param>
    public static LiveTasks From(IEnumerable<EcsTask> tasks, DescribedTaskDefinition definition, int desired)
    {
        var ours = tasks.Where(t => t.TaskDefinition == definition.Arn).DistinctBy(t => t.Arn).ToList();
        bool IsHealthy(EcsTask task) => definition.ChecksHealth ? task.Health == EcsHealth.Healthy : task.Health != EcsHealth.Unhealthy;
        var healthy = ours.Count(t => t.LastStatus == EcsTaskStatus.Running && IsHealthy(t));
        var started = ours.Select(t => t.StartedAt).OfType<DateTimeOffset>().Order().ToList();
        return new(healthy, desired > 0 && started.Count >= desired ? started[desired - 1] : null);
    }
}
