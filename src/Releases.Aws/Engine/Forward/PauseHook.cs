using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Defines the hook that makes ECS wait before it moves a service's production traffic: until every service of the promotion is ready, and
/// for an approval. It is in the service's configuration only during the promotion, and is marked with its id.
/// </summary>
internal static class PauseHook
{
    private const string Hooks = "lifecycleHooks";
    private const string Mark = "convoxPromotion";

    /// <summary>The maximum in the ECS service model, 14 days.</summary>
    private const int MaxMinutes = 20160;

    /// <summary>How much longer than the promotion ECS waits, so that the promotion ends the wait and not ECS.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    private const string Pause = "PAUSE";

    /// <summary>
    /// Returns the stage at which the hook can wait: the last one before production traffic at which no other hook pauses, because ECS
    /// doesn't report which of several PAUSE hooks is waiting. AWS doesn't document whether the test traffic stages exist without a test
    /// listener, unless the service has a hook there, which must run first. Returns null if there is no such stage.
    /// </summary>
    public static LifecycleStage? FreeStage(EcsService service)
    {
        IReadOnlyList<JsonObject> others = [.. Of(service.Configuration).Where(h => !IsOurs(h))];
        var isTested = service.TakesTestTraffic || others.Any(h => RunsAt(h, LifecycleStage.TestTrafficShift)
            || RunsAt(h, LifecycleStage.TestTrafficShifted));
        LifecycleStage[] stages = isTested ? [LifecycleStage.TestTrafficShifted, LifecycleStage.ScaledUp] : [LifecycleStage.ScaledUp];
        var free = stages.Where(stage => !others.Any(h => IsPause(h) && RunsAt(h, stage)));
        return free.Select(stage => (LifecycleStage?)stage).FirstOrDefault();
    }

    /// <summary>Determines whether other hooks may still stop the service between this stage and its production traffic.</summary>
    public static bool IsFollowedByOthers(EcsService service, LifecycleStage stage)
    {
        // Ours never waits at the last one: ECS reaches it at each step of the traffic, when there may be no driver left.
        LifecycleStage[] later = stage == LifecycleStage.TestTrafficShifted
            ? [LifecycleStage.BeforeProductionTrafficShift]
            : [LifecycleStage.TestTrafficShift, LifecycleStage.TestTrafficShifted, LifecycleStage.BeforeProductionTrafficShift];
        return Of(service.Configuration).Any(h => !IsOurs(h) && later.Any(s => RunsAt(h, s)));
    }

    /// <summary>Determines whether a hook waits for a decision, rather than calling a function.</summary>
    public static bool IsPause(JsonObject hook) => hook.Text("targetType") == Pause;

    /// <summary>Gets the longest time limit of a promotion that ECS can wait for.</summary>
    public static TimeSpan MaxLimit => TimeSpan.FromMinutes(MaxMinutes) - Slack;

    /// <summary>Adds the hook. If nothing is left that could let it continue, ECS rolls back by itself.</summary>
    public static void Add(JsonObject sent, LifecycleStage stage, Rollout rollout)
    {
        if (sent[Hooks] is not JsonArray hooks) sent[Hooks] = hooks = [];
        JsonNode hook = new JsonObject
        {
            ["targetType"] = Pause,
            ["lifecycleStages"] = new JsonArray(stage.Name),
            ["hookDetails"] = new JsonObject { [Mark] = rollout.Promotion.ToString() },
            ["timeoutConfiguration"] = new JsonObject
            {
                ["timeoutInMinutes"] = (int)Math.Clamp(Math.Ceiling((rollout.Limit + Slack).TotalMinutes), 1, MaxMinutes),
                ["action"] = "ROLLBACK",
            },
        };
        hooks.Add(hook);
    }

    /// <summary>Determines whether a configuration has such a hook, of any promotion.</summary>
    public static bool IsIn(JsonObject? configuration) => Of(configuration).Any(IsOurs);

    /// <summary>Determines whether a configuration has the hook of this promotion.</summary>
    public static bool IsIn(JsonObject? configuration, PromotionId promotion) =>
        Of(configuration).Any(h => h["hookDetails"].Text(Mark) == promotion.ToString());

    /// <summary>Returns the configuration without such hooks; the same instance if it has none.</summary>
    public static JsonObject? Without(JsonObject? configuration)
    {
        if (!IsIn(configuration)) return configuration;
        var without = (JsonObject)configuration!.DeepClone();
        without[Hooks] = JsonReading.List(Of(configuration).Where(h => !IsOurs(h)).Select(h => h.DeepClone()));
        return without;
    }

    private static IEnumerable<JsonObject> Of(JsonObject? configuration) => (configuration?[Hooks] as JsonArray ?? []).OfType<JsonObject>();

    private static bool RunsAt(JsonObject hook, LifecycleStage stage) => hook.Texts("lifecycleStages").Contains(stage.Name);

    private static bool IsOurs(JsonObject hook) => hook["hookDetails"].Text(Mark) is not null;
}
