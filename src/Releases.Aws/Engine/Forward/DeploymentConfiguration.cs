using System.Text.Json;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Creates the deployment configurations to send. Whether ECS replaces or merges the configuration is undocumented (2026-08), so everything
/// that was read is sent back with our changes, and what a rollout has added is switched off by name afterwards.
/// </summary>
internal static class DeploymentConfiguration
{
    private const string Breaker = "deploymentCircuitBreaker";
    private const string Alarms = "alarms";

    /// <summary>
    /// What a service has that doesn't state a member. The steps of a strategy that a rollout added can't be sent without the strategy.
    /// </summary>
    private static readonly JsonObject Defaults = new()
    {
        [Breaker] = new JsonObject { ["enable"] = false, ["rollback"] = false },
        [Alarms] = new JsonObject { ["alarmNames"] = new JsonArray(), ["enable"] = false, ["rollback"] = false },
        ["strategy"] = "ROLLING",
        ["bakeTimeInMinutes"] = 0,
        ["lifecycleHooks"] = new JsonArray(),
        ["minimumHealthyPercent"] = 100,
        ["maximumPercent"] = 200,
    };

    /// <summary>
    /// Returns the configuration for a rollout: what the manifest states, and for rolling deployments the circuit breaker with rollback
    /// enabled. Sources differ on whether the other strategies support the circuit breaker, so it is left unchanged there.
    /// </summary>
    public static JsonObject ForRollout(JsonObject? before, Service service)
    {
        var sent = ShiftSettings.IsRolling(ShiftSettings.StrategyOf(before, service))
            ? WithBreaker(before)
            : Copy(before);
        ShiftSettings.Write(sent, service);
        ShiftSettings.KeepOwnSteps(sent);
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
    /// <param name="before">The previous configuration.</param>
    /// <param name="now">The configuration that the service has now.</param>
    public static JsonObject ForRollback(JsonObject? before, JsonObject? now)
    {
        var sent = Restored(before, now);
        if (sent[Breaker] is JsonObject breaker) (breaker["enable"], breaker["rollback"]) = (false, false);
        EarlySuccess.SwitchOff(sent);
        ShiftSettings.GoStraight(sent);
        if (sent[Alarms] is JsonObject alarms) (alarms["enable"], alarms["rollback"]) = (false, false);
        return sent;
    }

    /// <summary>
    /// Returns the previous configuration, and switches off what the service has only now. A missing circuit breaker is sent as disabled
    /// for rolling deployments, which had it enabled.
    /// </summary>
    /// <param name="before">The previous configuration.</param>
    /// <param name="now">The configuration that the service has now.</param>
    public static JsonObject Restored(JsonObject? before, JsonObject? now)
    {
        var sent = Copy(before);
        foreach (var (member, value) in Defaults)
            if (sent[member] is null && (now?[member] is not null || (member == Breaker && !ShiftSettings.Shifts(before))))
                sent[member] = value!.DeepClone();
        ShiftSettings.KeepOwnSteps(sent);
        return sent;
    }

    /// <summary>Determines whether a configuration is the one of a rollback by an update, which nobody has changed since.</summary>
    /// <param name="before">The previous configuration.</param>
    /// <param name="now">The configuration that the service has now.</param>
    public static bool IsFromRollback(JsonObject before, JsonObject? now) =>
        now is not null && AreSame(now, ForRollback(before, now));

    /// <summary>
    /// Determines whether two configurations are the same, except for what is off or empty in one and not stated in the other.
    /// </summary>
    public static bool AreSame(JsonObject? one, JsonObject? other)
    {
        return JsonNode.DeepEquals(Stated(WithOwnSteps(one)), Stated(WithOwnSteps(other)));

        static JsonObject WithOwnSteps(JsonObject? configuration)
        {
            var own = Copy(configuration);
            ShiftSettings.KeepOwnSteps(own);
            return own;
        }
    }

    /// <summary>Returns what a rollback by an update turned off, in words.</summary>
    public static IReadOnlyList<string> TurnedOff(JsonObject before, JsonObject? now)
    {
        var off = new List<string>();
        if (IsLost(Breaker)) off.Add("the circuit breaker");
        if (IsLost(Alarms)) off.Add($"the alarms {string.Join(", ", before[Alarms].Texts("alarmNames"))}");
        if (IsLost(EarlySuccess.Criteria)) off.Add("early success");
        return [.. off, .. ShiftSettings.Lost(before, now)];

        bool IsLost(string guard) => before[guard].Flag("enable") && !(now?[guard]).Flag("enable");
    }

    /// <summary>Returns a configuration without what is off or empty, because ECS may leave it out or state it.</summary>
    private static JsonNode? Stated(JsonNode? value) => value switch
    {
        JsonObject members => members.Select(m => KeyValuePair.Create(m.Key, Stated(m.Value))).Where(m => m.Value is not null).ToList()
            is { Count: > 0 } stated ? new JsonObject(stated) : null,
        JsonArray { Count: 0 } => null,
        JsonValue off when off.GetValueKind() == JsonValueKind.False => null,
        JsonValue zero when zero.GetValueKind() == JsonValueKind.Number && zero.ToJsonString() is "0" or "0.0" => null,
        _ => value?.DeepClone(),
    };

    /// <summary>Returns the configuration of a service without our hook.</summary>
    public static JsonObject WithoutPause(JsonObject? now)
    {
        var sent = Copy(PauseHook.Without(now));
        ShiftSettings.KeepOwnSteps(sent);
        return sent;
    }

    private static JsonObject Copy(JsonObject? before) => (JsonObject)(before?.DeepClone() ?? new JsonObject());

    private static JsonObject WithBreaker(JsonObject? before)
    {
        var sent = Copy(before);
        if (sent[Breaker] is not JsonObject breaker) sent[Breaker] = breaker = [];
        (breaker["enable"], breaker["rollback"]) = (true, true);
        return sent;
    }
}
