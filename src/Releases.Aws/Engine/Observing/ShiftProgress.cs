using System.Globalization;

namespace Releases.Aws;

/// <summary>
/// Determines the progress of a deployment in which ECS shifts traffic between two revisions that both run at full scale.
/// </summary>
internal static class ShiftProgress
{
    /// <summary>Adjusts the counts and the state to the deployment's own stage; returns them unchanged if it has none.</summary>
    /// <param name="counts">The observed counts.</param>
    /// <param name="deployment">The service deployment.</param>
    /// <param name="pauseStage">
    /// The stage at which our own hook makes it wait until every service is ready, or null if there is no hook.
    /// </param>
    public static Observation Apply(Observation counts, ServiceDeployment? deployment, LifecycleStage? pauseStage)
    {
        if (deployment?.Stage is not { } stage) return counts;
        var share = deployment.Share ?? 0;
        var isPaused = pauseStage is { } ours && deployment.PausedAt(ours) is not null;
        return counts with
        {
            // Not reported as healthy yet, because hooks of others may still be waiting for a decision before production traffic moves.
            State = share > 0 ? ObservedState.Draining : isPaused ? ObservedState.Healthy : ObservedState.Starting,
            Healthy = stage.HasNewTasks ? deployment.RunningNew ?? counts.Healthy : 0,
            Share = share,
            Stage = isPaused ? "ready, before production traffic" : stage.Text,
            Reason = isPaused ? null : WaitsFor(deployment, stage) ?? counts.Reason,
        };
    }

    /// <summary>Returns the hooks that delay the deployment, as a sentence without a period, or null if none does.</summary>
    private static string? WaitsFor(ServiceDeployment deployment, LifecycleStage stage)
    {
        var waiting = deployment.Hooks.Where(h => h.Waits).Select(h => h.ExpiresAt is { } until
            ? $"{h.Name} until {until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC"
            : h.Name).ToList();
        return waiting.Count == 0
            ? null
            : $"waits for {(waiting.Count == 1 ? "the hook" : "the hooks")} {string.Join(", ", waiting)} at {stage}";
    }
}
