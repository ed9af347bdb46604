using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Creates the deployment configurations to send. Whether ECS replaces or merges the configuration is undocumented (2026-08), so everything
/// that was read is sent back with our changes.
/// </summary>
internal static class DeploymentConfiguration
{
    private const string Breaker = "deploymentCircuitBreaker";
    private const string Alarms = "alarms";

    /// <summary>
    /// Returns the configuration for a rollout: what the manifest states, and for rolling deployments the circuit breaker with rollback
    /// enabled. Sources differ on whether the other strategies support the circuit breaker, so it is left unchanged there.
    /// </summary>
    public static JsonObject ForRollout(JsonObject? before, Service service)
    {
        var sent = ShiftSettings.IsRolling(ShiftSettings.StrategyOf(before, service))
            ? With(before, enable: true, rollback: true)
            : Copy(before);
        ShiftSettings.Write(sent, service);
        if (AwsSettings.From(service).Alarms is { Count: > 0 } alarms)
            sent[Alarms] = new JsonObject
            {
                ["alarmNames"] = JsonReading.List(alarms.Select(a => JsonValue.Create(a))),
                ["enable"] = true,
                ["rollback"] = true,
            };
        if (service.Stated.Contains("deployment.minimum")) sent["minimumHealthyPercent"] = service.Deployment.Minimum;
        if (service.Stated.Contains("deployment.maximum")) sent["maximumPercent"] = service.Deployment.Maximum;
        return sent;
    }

    /// <summary>
    /// Returns the minimum and maximum of tasks during a rollout in percent: what the manifest states, else what the service has, else
    /// ECS's defaults.
    /// </summary>
    public static (int Minimum, int Maximum) Limits(EcsService service, Service manifest) =>
    (
        manifest.Stated.Contains("deployment.minimum") ? manifest.Deployment.Minimum : service.MinimumHealthyPercent ?? 100,
        manifest.Stated.Contains("deployment.maximum") ? manifest.Deployment.Maximum : service.MaximumPercent ?? 200);

    /// <summary>
    /// Returns the configuration for a rollback by an update, with circuit breaker, alarms and early success disabled. If they were enabled
    /// and the previous version no longer started, ECS would return to the last completed deployment, which is the very release that is
    /// being rolled back, and report success.
    /// </summary>
    public static JsonObject ForRollback(JsonObject? before)
    {
        var sent = HasNoBreaker(before) ? Copy(before) : With(before, enable: false, rollback: false);
        EarlySuccess.SwitchOff(sent);
        ShiftSettings.GoStraight(sent);
        if (sent[Alarms] is JsonObject alarms) (alarms["enable"], alarms["rollback"]) = (false, false);
        return sent;
    }

    /// <summary>Returns the previous configuration; a missing circuit breaker is sent as disabled.</summary>
    public static JsonObject Restored(JsonObject? before) =>
        before?[Breaker] is null && !HasNoBreaker(before) ? With(before, enable: false, rollback: false) : Copy(before);

    /// <summary>A service that shifts traffic may have no circuit breaker, and isn't given one.</summary>
    private static bool HasNoBreaker(JsonObject? before) => ShiftSettings.Shifts(before) && before![Breaker] is null;

    private static JsonObject Copy(JsonObject? before) => (JsonObject)(before?.DeepClone() ?? new JsonObject());

    private static JsonObject With(JsonObject? before, bool enable, bool rollback)
    {
        var sent = Copy(before);
        if (sent[Breaker] is not JsonObject breaker) sent[Breaker] = breaker = [];
        (breaker["enable"], breaker["rollback"]) = (enable, rollback);
        return sent;
    }
}
