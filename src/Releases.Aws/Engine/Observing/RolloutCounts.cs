namespace Releases.Aws;

/// <summary>How far a rollout is, by what ECS counts of each deployment.</summary>
internal static class RolloutCounts
{
    /// <summary>
    /// <see cref="ObservedState.Draining"/> once every new task is in place and ECS no longer wants an old one, else
    /// <see cref="ObservedState.Starting"/>. ECS does not count healthy tasks, but it keeps its minimum of them: beyond the old
    /// ones that it still wants, the new ones have to be healthy. An old one that just died is wanted still, and replaced.
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
        var failed = mine.Sum(d => d.FailedTasks ?? 0);
        return new(isDraining ? ObservedState.Draining : ObservedState.Starting)
        {
            Desired = desired,
            Running = running + mine.Sum(d => d.PendingCount ?? 0),
            Healthy = isDraining ? running : Math.Clamp(minimum - Math.Max(old, others.Sum(d => d.DesiredCount ?? 0)), 0, running),
            Old = old,
            Reason = failed > 0 ? $"{failed} {(failed == 1 ? "task" : "tasks")} failed so far" : null,
        };
    }
}
