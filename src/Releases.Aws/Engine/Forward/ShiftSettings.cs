using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Determines how ECS moves the traffic of a service, from its deployment configuration and the manifest. What the manifest doesn't state
/// stays as in the service.
/// </summary>
internal static class ShiftSettings
{
    private const string Rolling = "ROLLING";
    private const string Strategy = "strategy";
    private const string BakeMinutes = "bakeTimeInMinutes";
    private const string Hooks = "lifecycleHooks";
    private const string Canary = "canaryConfiguration";
    private const string Linear = "linearConfiguration";

    /// <summary>The strategies with which ECS runs both revisions at full scale and moves the traffic between them.</summary>
    private static readonly string[] Shifting = ["BLUE_GREEN", "LINEAR", "CANARY"];

    /// <summary>Returns ECS's name of the strategy of a rollout.</summary>
    public static string StrategyOf(JsonObject? before, Service manifest) =>
        manifest.Stated.Contains("deployment.strategy") ? NameOf(manifest.Deployment.Strategy) : before.Text(Strategy) ?? Rolling;

    public static bool IsRolling(string strategy) => strategy == Rolling;

    public static bool IsKnown(string strategy) => IsRolling(strategy) || Shifting.Contains(strategy, StringComparer.Ordinal);

    /// <summary>Determines whether the configuration shifts traffic.</summary>
    public static bool Shifts(JsonObject? configuration) => Shifting.Contains(configuration.Text(Strategy), StringComparer.Ordinal);

    /// <summary>Adds what the manifest states to the configuration.</summary>
    public static void Write(JsonObject sent, Service manifest)
    {
        if (!manifest.Stated.Contains("deployment.strategy")) return;
        var deployment = manifest.Deployment;
        sent[Strategy] = NameOf(deployment.Strategy);
        if (manifest.Stated.Contains("deployment.bake")) sent[BakeMinutes] = Minutes(deployment.Bake);
        switch (deployment.Strategy)
        {
            case DeploymentStrategy.Canary:
                sent[Canary] = Steps(manifest, sent[Canary], "canaryPercent", "canaryBakeTimeInMinutes");
                break;
            case DeploymentStrategy.Linear:
                sent[Linear] = Steps(manifest, sent[Linear], "stepPercent", "stepBakeTimeInMinutes");
                break;
        }
    }

    /// <summary>
    /// Configures a rollback by an update: all traffic at once, no bake, and no hooks that could prevent it from finishing.
    /// </summary>
    public static void GoStraight(JsonObject sent)
    {
        if (!Shifts(sent)) return;
        WithoutSteps(sent);
        sent[Hooks] = new JsonArray();
    }

    /// <summary>Configures a shift of all traffic at once, without a bake; hooks stay.</summary>
    public static void WithoutSteps(JsonObject sent)
    {
        (sent[Strategy], sent[BakeMinutes]) = ("BLUE_GREEN", 0);
        KeepOwnSteps(sent);
    }

    /// <summary>Removes the steps of other strategies than the one that is sent: ECS documents each as valid with its own alone.</summary>
    public static void KeepOwnSteps(JsonObject sent)
    {
        var strategy = sent.Text(Strategy);
        if (strategy != "CANARY") sent.Remove(Canary);
        if (strategy != "LINEAR") sent.Remove(Linear);
    }

    /// <summary>Determines whether a configuration shifts all traffic at once, without a bake.</summary>
    public static bool IsWithoutSteps(JsonObject? configuration) =>
        configuration.Text(Strategy) == "BLUE_GREEN" && (configuration.Number(BakeMinutes) ?? 0) == 0;

    /// <summary>Returns what a configuration shifted its traffic with and no longer does, in words.</summary>
    public static IEnumerable<string> Lost(JsonObject before, JsonObject? now)
    {
        if (before.Text(Strategy) is { } strategy && strategy != now.Text(Strategy)) yield return $"the strategy {strategy}";
        if (before.Number(BakeMinutes) > 0 && now.Number(BakeMinutes) is null or 0) yield return "the bake time";
        if (before[Hooks] is JsonArray { Count: > 0 } && now?[Hooks] is not JsonArray { Count: > 0 }) yield return "the lifecycle hooks";
    }

    /// <summary>Returns how long ECS's steps and bake alone take.</summary>
    public static TimeSpan Takes(JsonObject? configuration)
    {
        if (!Shifts(configuration)) return TimeSpan.Zero;
        var steps = configuration.Text(Strategy) switch
        {
            "CANARY" => configuration![Canary].Number("canaryBakeTimeInMinutes") ?? 0,
            "LINEAR" when configuration![Linear] is { } linear =>
                (int)(Math.Ceiling(100 / PercentOf(linear)) - 1) * (linear.Number("stepBakeTimeInMinutes") ?? 0),
            _ => 0,
        };
        return TimeSpan.FromMinutes(steps + (configuration.Number(BakeMinutes) ?? 0));
    }

    private static JsonObject Steps(Service manifest, JsonNode? before, string percent, string minutes)
    {
        var sent = (JsonObject)((before as JsonObject)?.DeepClone() ?? new JsonObject());
        if (manifest.Stated.Contains("deployment.percent") || sent[percent] is null) sent[percent] = (double)manifest.Deployment.Percent;
        if (manifest.Stated.Contains("deployment.interval") || sent[minutes] is null) sent[minutes] = Minutes(manifest.Deployment.Interval);
        return sent;
    }

    private static double PercentOf(JsonNode linear) =>
        linear["stepPercent"] is JsonValue value && value.TryGetValue<double>(out var percent) && percent > 0 ? percent : 100;

    /// <summary>ECS only supports whole minutes.</summary>
    private static int Minutes(TimeSpan time) => (int)Math.Ceiling(time.TotalMinutes);

    private static string NameOf(DeploymentStrategy strategy) => strategy switch
    {
        DeploymentStrategy.BlueGreen => "BLUE_GREEN",
        DeploymentStrategy.Linear => "LINEAR",
        DeploymentStrategy.Canary => "CANARY",
        _ => Rolling,
    };
}
