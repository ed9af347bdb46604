using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// The hook by which ECS waits before it moves a service's production traffic: until every service of the promotion is ready, and for an
/// approval. It is in the service's configuration only during the promotion, whose id is its mark.
/// </summary>
internal static class PauseHook
{
    private const string Hooks = "lifecycleHooks";
    private const string Mark = "convoxPromotion";

    /// <summary>By the model of ECS.</summary>
    private const int MaxMinutes = 20160;

    /// <summary>How much longer ECS waits than the promotion may last: the promotion is to end it, not ECS.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    private const string Started = "POST_SCALE_UP";

    private const string Testing = "TEST_TRAFFIC_SHIFT";

    /// <summary>The stage at which the test listener, if there is one, has the new tasks' traffic.</summary>
    public const string Tested = "POST_TEST_TRAFFIC_SHIFT";

    /// <summary>Not one of its stages: ECS reaches it at each step of the traffic, when a driver may be gone.</summary>
    private const string Shifting = "PRE_PRODUCTION_TRAFFIC_SHIFT";

    /// <summary>
    /// The stage at which it can wait, the latest before production traffic. ECS doesn't say which of several PAUSE hooks waits, so it is
    /// one at which nobody else pauses; and AWS doesn't say whether there are stages of test traffic without a listener for it, unless the
    /// service has a hook there, which has to have its say first. Null: there is none.
    /// </summary>
    public static string? FreeStage(EcsService service)
    {
        IReadOnlyList<JsonObject> others = [.. Of(service.Configuration).Where(h => !IsOurs(h))];
        var isTested = service.TakesTestTraffic || others.Any(h => h["lifecycleStages"].Has(Testing) || h["lifecycleStages"].Has(Tested));
        string[] stages = isTested ? [Tested, Started] : [Started];
        return Array.Find(stages, stage => !others.Any(h => h.Text("targetType") == "PAUSE" && h["lifecycleStages"].Has(stage)));
    }

    /// <summary>Whether hooks of somebody else may still stop a service between this stage and its production traffic.</summary>
    public static bool IsFollowedByOthers(EcsService service, string stage)
    {
        string[] later = stage == Tested ? [Shifting] : [Testing, Tested, Shifting];
        return Of(service.Configuration).Any(h => !IsOurs(h) && later.Any(s => h["lifecycleStages"].Has(s)));
    }

    /// <summary>Adds it. If everybody who could let it continue is gone, ECS rolls back by itself.</summary>
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

    /// <summary>Whether a configuration has one, of whatever promotion.</summary>
    public static bool IsIn(JsonObject? configuration) => Of(configuration).Any(IsOurs);

    /// <summary>The configuration without any; the same where it has none.</summary>
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
