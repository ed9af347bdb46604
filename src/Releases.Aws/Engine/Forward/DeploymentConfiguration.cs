using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// The deployment configurations that are sent. Whether ECS replaces or merges what it is given is unknown (2026-08), so the whole
/// of what was read is sent back with our changes.
/// </summary>
internal static class DeploymentConfiguration
{
    private const string Breaker = "deploymentCircuitBreaker";
    private const string Alarms = "alarms";

    /// <summary>For a rollout: the circuit breaker and its rollback on, and what the manifest states.</summary>
    public static JsonObject ForRollout(JsonObject? before, Service service)
    {
        var sent = With(before, enable: true, rollback: true);
        if (service.Stated.Contains("deployment.minimum")) sent["minimumHealthyPercent"] = service.Deployment.Minimum;
        if (service.Stated.Contains("deployment.maximum")) sent["maximumPercent"] = service.Deployment.Maximum;
        return sent;
    }

    /// <summary>
    /// The least and the most tasks of a rollout in percent: what the manifest states, else what the service has, else ECS's own.
    /// </summary>
    public static (int Minimum, int Maximum) Limits(EcsService service, Service manifest) =>
    (
        manifest.Stated.Contains("deployment.minimum") ? manifest.Deployment.Minimum : service.MinimumHealthyPercent ?? 100,
        manifest.Stated.Contains("deployment.maximum") ? manifest.Deployment.Maximum : service.MaximumPercent ?? 200);

    /// <summary>
    /// For a rollback by an update: breaker, alarms and early success off. With them on, a version before that no longer starts would make
    /// ECS go back to the last completed deployment, which is the very release that is being taken back, and call that a success.
    /// </summary>
    public static JsonObject ForRollback(JsonObject? before)
    {
        var sent = With(before, enable: false, rollback: false);
        EarlySuccess.SwitchOff(sent);
        if (sent[Alarms] is JsonObject alarms) (alarms["enable"], alarms["rollback"]) = (false, false);
        return sent;
    }

    /// <summary>As it was; a missing breaker is off.</summary>
    public static JsonObject Restored(JsonObject? before) => before?[Breaker] is null ? With(
        before, enable: false, rollback: false) : (JsonObject)before.DeepClone();

    private static JsonObject With(JsonObject? before, bool enable, bool rollback)
    {
        var sent = (JsonObject)(before?.DeepClone() ?? new JsonObject());
        if (sent[Breaker] is not JsonObject breaker) sent[Breaker] = breaker = [];
        (breaker["enable"], breaker["rollback"]) = (enable, rollback);
        return sent;
    }
}
