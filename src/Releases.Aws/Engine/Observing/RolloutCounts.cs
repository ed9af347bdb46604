namespace Releases.Aws;

/// <summary>Determines the progress of a rollout from the counts that ECS returns for each deployment.</summary>
internal static class RolloutCounts
{
    /// <summary>
    /// Returns <see cref="ObservedState.Draining"/> once every new task is in place and ECS no longer wants an old one, else
    /// <see cref="ObservedState.Starting"/>. ECS doesn't count healthy tasks, but it maintains its minimum of them: the part of the minimum
    /// that old tasks don't cover must be healthy new ones. An old task that has just died is still wanted, and is replaced.
    /// </summary>
    public static Observation From(EcsService service, string ours)
    {
        var mine = service.Deployments.Where(d => d.TaskDefinition == ours).ToList();
        var others = service.Deployments.Where(d => d.TaskDefinition != ours).ToList();
        var desired = service.DesiredCount ?? 0;
        var running = mine.Sum(d => d.RunningCount ?? 0);
        var old = others.Sum(d => d.RunningCount ?? 0);
        var isDraining = desired > 0 && running >= desired && others.TrueForAll(d => d.DesiredCount == 0);
        var minimum = (int)Math.Ceiling(desired * (service.MinimumHealthyPercent ?? 100) / 100.0);
        var failed = FailedTasks(service, ours);
        return new(isDraining ? ObservedState.Draining : ObservedState.Starting)
        {
            Desired = desired,
            Running = running + mine.Sum(d => d.PendingCount ?? 0),
            Healthy = isDraining ? running : Math.Clamp(minimum - Math.Max(old, others.Sum(d => d.DesiredCount ?? 0)), 0, running),
            Old = old,
            Reason = failed > 0 ? $"{Quantity.Text(failed, "task")} failed so far" : null,
        };
    }

    /// <summary>Returns how many tasks of a task definition have failed so far.</summary>
    public static int FailedTasks(EcsService service, string ours) =>
        service.Deployments.Where(d => d.TaskDefinition == ours).Sum(d => d.FailedTasks ?? 0);
}
