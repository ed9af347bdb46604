namespace Releases.Aws;

/// <summary>The tasks of one task definition as they are, where the count of running ones does not tell enough.</summary>
/// <param name="Healthy">How many run and are healthy by their containers' own health checks.</param>
/// <param name="InPlaceAt">When as many as are wanted had been started; null: they have not.</param>
internal sealed record LiveTasks(int Healthy, DateTimeOffset? InPlaceAt)
{
    /// <param name="tasks">The service's tasks, those that were stopped lately too: one that was replaced since was in place.</param>
    /// <param name="definition">The task definition.</param>
    /// <param name="desired">How many are wanted.</param>
    public static LiveTasks From(IEnumerable<EcsTask> tasks, DescribedTaskDefinition definition, int desired)
    {
        var ours = tasks.Where(t => t.TaskDefinition == definition.Arn).DistinctBy(t => t.Arn).ToList();
        bool IsHealthy(EcsTask task) => definition.ChecksHealth ? task.Health == EcsHealth.Healthy : task.Health != EcsHealth.Unhealthy;
        var healthy = ours.Count(t => t.LastStatus == EcsTaskStatus.Running && IsHealthy(t));
        var started = ours.Select(t => t.StartedAt).OfType<DateTimeOffset>().Order().ToList();
        return new(healthy, desired > 0 && started.Count >= desired ? started[desired - 1] : null);
    }
}
