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

    /// <summary>
    /// For a rollout: what the manifest states, and on rolling services the circuit breaker and its rollback on. Sources differ on whether
    /// the other strategies know it, so there it stays as it is.
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
        var sent = HasNoBreaker(before) ? Copy(before) : With(before, enable: false, rollback: false);
        EarlySuccess.SwitchOff(sent);
        ShiftSettings.GoStraight(sent);
        if (sent[Alarms] is JsonObject alarms) (alarms["enable"], alarms["rollback"]) = (false, false);
        return sent;
    }

    /// <summary>As it was; a missing breaker is off.</summary>
    public static JsonObject Restored(JsonObject? before) =>
        before?[Breaker] is null && !HasNoBreaker(before) ? With(before, enable: false, rollback: false) : Copy(before);

    /// <summary>A service that shifts traffic may be without one, and gets none from us.</summary>
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
