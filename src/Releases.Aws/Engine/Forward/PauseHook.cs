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

    /// <summary>The maximum in the ECS service model.</summary>
    private const int MaxMinutes = 20160;

    /// <summary>How much longer than the promotion ECS waits, so that the promotion ends the wait and not ECS.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    private const string Started = "POST_SCALE_UP";

    private const string Testing = "TEST_TRAFFIC_SHIFT";

    /// <summary>The stage at which the new tasks have the traffic of the test listener, if there is one.</summary>
    public const string Tested = "POST_TEST_TRAFFIC_SHIFT";

    /// <summary>A stage at which the hook never waits: ECS reaches it at each traffic step, when there may be no driver left.</summary>
    private const string Shifting = "PRE_PRODUCTION_TRAFFIC_SHIFT";

    /// <summary>
    /// Returns the stage at which the hook can wait: the last one before production traffic at which no other hook pauses, because ECS
    /// doesn't report which of several PAUSE hooks is waiting. AWS doesn't document whether the test traffic stages exist without a test
    /// listener, unless the service has a hook there, which must run first. Returns null if there is no such stage.
    /// </summary>
    public static string? FreeStage(EcsService service)
    {
        IReadOnlyList<JsonObject> others = [.. Of(service.Configuration).Where(h => !IsOurs(h))];
        var isTested = service.TakesTestTraffic || others.Any(h => h["lifecycleStages"].Has(Testing) || h["lifecycleStages"].Has(Tested));
        string[] stages = isTested ? [Tested, Started] : [Started];
        return Array.Find(stages, stage => !others.Any(h => h.Text("targetType") == "PAUSE" && h["lifecycleStages"].Has(stage)));
    }

    /// <summary>Determines whether other hooks may still stop the service between this stage and its production traffic.</summary>
    public static bool IsFollowedByOthers(EcsService service, string stage)
    {
        string[] later = stage == Tested ? [Shifting] : [Testing, Tested, Shifting];
        return Of(service.Configuration).Any(h => !IsOurs(h) && later.Any(s => h["lifecycleStages"].Has(s)));
    }

    /// <summary>Adds the hook. If nothing is left that could let it continue, ECS rolls back by itself.</summary>
    public static void Add(JsonObject sent, string stage, Rollout rollout)
    {
        if (sent[Hooks] is not JsonArray hooks) sent[Hooks] = hooks = [];
        JsonNode hook = new JsonObject
        {
            ["targetType"] = "PAUSE",
            ["lifecycleStages"] = new JsonArray(stage),
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

    private static bool Has(this JsonNode? stages, string stage) => stages is JsonArray all && all.Any(s => s?.GetValue<string>() == stage);

    private static bool IsOurs(JsonObject hook) => hook["hookDetails"].Text(Mark) is not null;
}
