using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>How far a rollout is, by what ECS counts of each deployment.</summary>
internal static class RolloutCounts
{
    /// <summary>
    /// <see cref="ObservedState.Draining"/> once every new task is in place and ECS wants no old one any more, else
    /// <see cref="ObservedState.Starting"/>. ECS does not count healthy tasks, but it keeps its minimum of them: beyond the old
    /// ones that it still wants, the new ones have to be healthy. An old one that just died is wanted still, and replaced.
    /// </summary>
    public static Observation From(JsonObject service, string ours)
    {
        var mine = service.Objects("deployments").Where(d => d.Text("taskDefinition") == ours).ToList();
        var others = service.Objects("deployments").Where(d => d.Text("taskDefinition") != ours).ToList();
        var desired = service.Number("desiredCount") ?? 0;
        var running = Sum(mine, "runningCount");
        var old = Sum(others, "runningCount");
        var isDraining = desired > 0 && running >= desired && others.TrueForAll(d => d.Number("desiredCount") == 0);
        var minimum = (int)Math.Ceiling(desired * (service["deploymentConfiguration"].Number("minimumHealthyPercent") ?? 100) / 100.0);
        var failed = Sum(mine, "failedTasks");
        return new(isDraining ? ObservedState.Draining : ObservedState.Starting)
        {
            Desired = desired,
            Running = running + Sum(mine, "pendingCount"),
            Healthy = isDraining ? running : Math.Clamp(minimum - Math.Max(old, Sum(others, "desiredCount")), 0, running),
            Old = old,
            Reason = failed > 0 ? $"{failed} {(failed == 1 ? "task" : "tasks")} failed so far" : null,
        };
    }

    private static int Sum(List<JsonObject> deployments, string member) => deployments.Sum(d => d.Number(member) ?? 0);
}
