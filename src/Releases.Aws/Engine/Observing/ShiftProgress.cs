using System.Globalization;

namespace Releases.Aws;

/// <summary>
/// Determines the progress of a deployment in which ECS shifts traffic between two revisions that both run at full scale.
/// </summary>
internal static class ShiftProgress
{
    private static readonly Dictionary<string, string> Stages = new(StringComparer.Ordinal)
    {
        ["RECONCILE_SERVICE"] = "preparing the service",
        ["PRE_SCALE_UP"] = "before starting new tasks",
        ["SCALE_UP"] = "starting new tasks",
        ["POST_SCALE_UP"] = "new tasks are running",
        ["TEST_TRAFFIC_SHIFT"] = "shifting test traffic",
        ["POST_TEST_TRAFFIC_SHIFT"] = "test traffic shifted",
        ["PRODUCTION_TRAFFIC_SHIFT"] = "shifting production traffic",
        ["POST_PRODUCTION_TRAFFIC_SHIFT"] = "production traffic shifted",
        ["BAKE_TIME"] = "bake time",
        ["CLEAN_UP"] = "stopping old tasks",
    };

    /// <summary>Adjusts the counts and the state to the deployment's own stage; returns them unchanged if it has none.</summary>
    /// <param name="counts">The observed counts.</param>
    /// <param name="deployment">The service deployment.</param>
    /// <param name="pauseStage">
    /// The stage at which our own hook makes it wait until every service is ready, or null if there is no hook.
    /// </param>
    public static Observation Apply(Observation counts, ServiceDeployment? deployment, string? pauseStage)
    {
        if (deployment?.Stage is not { } stage) return counts;
        var share = deployment.Share ?? 0;
        var isUp = stage is not ("RECONCILE_SERVICE" or "PRE_SCALE_UP" or "SCALE_UP");
        var isPaused = pauseStage is not null && deployment.PausedAt(pauseStage) is not null;
        return counts with
        {
            // Not reported as healthy yet, because hooks of others may still be waiting for a decision before production traffic moves.
            State = share > 0 ? ObservedState.Draining : isPaused ? ObservedState.Healthy : ObservedState.Starting,
            Healthy = isUp ? deployment.RunningNew ?? counts.Healthy : 0,
            Share = share,
            Stage = isPaused ? "ready, before production traffic" : Stages.GetValueOrDefault(stage, stage),
            Reason = isPaused ? null : WaitsFor(deployment, stage) ?? counts.Reason,
        };
    }

    /// <summary>Returns the hooks that delay the deployment, as a sentence without a period, or null if none does.</summary>
    private static string? WaitsFor(ServiceDeployment deployment, string stage)
    {
        var waiting = deployment.Hooks.Where(h => h.Waits).Select(h => h.ExpiresAt is { } until
            ? $"{h.Name} until {until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC"
            : h.Name).ToList();
        return waiting.Count == 0
            ? null
            : $"waits for {(waiting.Count == 1 ? "the hook" : "the hooks")} {string.Join(", ", waiting)} at {stage}";
    }
}
