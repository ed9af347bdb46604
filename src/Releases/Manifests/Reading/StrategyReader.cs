using System.Globalization;

namespace Releases;

/// <summary>
/// Reads the keys of <c>deployment</c> that concern traffic: <c>strategy</c>, <c>percent</c>, <c>interval</c>, <c>bake</c> and
/// <c>judge</c>.
/// </summary>
internal sealed class StrategyReader(ManifestSection deployment, ManifestDiagnostics diagnostics)
{
    private static readonly TimeSpan DefaultBake = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, DeploymentStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["rolling"] = DeploymentStrategy.Rolling,
        ["blue-green"] = DeploymentStrategy.BlueGreen,
        ["linear"] = DeploymentStrategy.Linear,
        ["canary"] = DeploymentStrategy.Canary,
    };

    /// <param name="limits">The other settings of <c>deployment</c>.</param>
    /// <param name="singleton">Whether two processes must never run at once.</param>
    public Deployment Read(Deployment limits, bool singleton)
    {
        if (ReadStrategy() is not { } strategy) return limits;
        var progressive = strategy != DeploymentStrategy.Rolling;
        foreach (var key in new[] { "percent", "interval" })
            if (strategy is not (DeploymentStrategy.Canary or DeploymentStrategy.Linear)) Refuse(key, strategy, "canary or linear");
        foreach (var key in new[] { "bake", "judge" })
            if (!progressive) Refuse(key, strategy, "blue-green, linear or canary");
        if (progressive && (singleton || limits.Maximum < SideBySide.Maximum))
            diagnostics.Error(
                deployment["strategy"]!, $"the strategy {Name(strategy)} runs all old and all new processes at once, but "
                    + (singleton ? "'singleton' never runs two." : $"'deployment.maximum' is {limits.Maximum}."),
                singleton
                    ? "Use the strategy rolling, or remove 'singleton'."
                    : $"Raise the maximum to {SideBySide.Maximum}, or use the strategy rolling.");
        return limits with
        {
            Strategy = strategy,
            Percent = diagnostics.Number(deployment["percent"], "deployment.percent", 1, 99) ?? limits.Percent,
            Interval = diagnostics.Seconds(deployment["interval"], "deployment.interval", 1) ?? limits.Interval,
            Bake = diagnostics.Seconds(deployment["bake"], "deployment.bake") ?? (progressive ? DefaultBake : TimeSpan.Zero),
            Judge = progressive ? ReadJudge() : null,
        };
    }

    /// <summary>Returns null for an unknown strategy, which the diagnostics report.</summary>
    private DeploymentStrategy? ReadStrategy()
    {
        if (deployment["strategy"] is not { } value) return DeploymentStrategy.Rolling;
        if (value is YamlScalar { Text: var text } && Strategies.TryGetValue(text, out var strategy)) return strategy;
        var nearest = value is YamlScalar { Text: var name } ? NearestName.Find(name, Strategies.Keys) : null;
        diagnostics.Error(
            value, "'deployment.strategy' must be rolling, blue-green, linear or canary.",
            nearest is null ? null : $"Did you mean '{nearest}'?");
        return null;
    }

    private void Refuse(string key, DeploymentStrategy strategy, string needed)
    {
        if (deployment[key] is { } value)
            diagnostics.Error(
                value, $"'deployment.{key}' has no meaning with the strategy {Name(strategy)}.",
                $"Set 'strategy' to {needed}, or remove '{key}'.");
    }

    private JudgeLimits? ReadJudge()
    {
        var unset = new JudgeLimits();
        switch (deployment["judge"])
        {
            case null: return unset;
            case YamlScalar { Text: var text } scalar when text.ToLowerInvariant() is "true" or "yes" or "on" or "y" or "false"
                or "no" or "off" or "n":
                return diagnostics.Boolean(scalar, "deployment.judge") == true ? unset : null;
            case YamlMap map:
                var judge = ManifestSection.Read(map, ManifestKeys.Judge, diagnostics, "'judge'")!;
                return new(
                    ReadDecimal(judge["errors"], "deployment.judge.errors", 0, 100) ?? unset.Errors,
                    ReadDecimal(judge["latency"], "deployment.judge.latency", 1, 100) ?? unset.Latency);
            case var value:
                diagnostics.Error(value, "'deployment.judge' must be off, or limits.", "For example: judge: { errors: 2, latency: 1.5 }");
                return null;
        }
    }

    private decimal? ReadDecimal(YamlValue? value, string key, int least, int most)
    {
        if (value is null) return null;
        if (value is YamlScalar { Text: var text }
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most) return number;
        diagnostics.Error(value, $"'{key}' must be a number from {least} to {most}.");
        return null;
    }

    private static string Name(DeploymentStrategy strategy) => Strategies.Single(s => s.Value == strategy).Key;
}
