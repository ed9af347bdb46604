using System.Globalization;

namespace Releases.Tool;

/// <summary>Formats rollout plans, their steps and verdicts.</summary>
internal static class PlanText
{
    /// <summary>
    /// Formats a plan, such as <c>10 % for 2m, then 100 % with the old processes kept for 5m</c>, or returns null if all traffic moves at
    /// once.
    /// </summary>
    public static string? Of(RolloutPlan plan)
    {
        var steps = plan.Steps.Where(s => s is { KeepsOld: true, Percent: > 0 }).ToList();
        if (steps.Count == 0) return null;
        var words = steps.Select(s => $"{Of(s)} for {Duration.Text(s.Hold)}");
        return string.Join(", then ", steps[^1].IsBake ? words : words.Append("100 %"));
    }

    /// <summary>Formats a step, such as <c>10 %</c>, <c>50 % (web 10 %)</c> or <c>100 % with the old processes kept</c>.</summary>
    public static string Of(RolloutStep step)
    {
        if (step.IsBake) return "100 % with the old processes kept";
        var shares = step.Shares.OrderBy(s => s.Key).Select(s => $"{s.Key} {s.Value} %");
        return $"{step.Percent} %{(step.Shares.Count == 0 ? "" : $" ({string.Join(", ", shares)})")}";
    }

    /// <summary>Returns the label of a promotion's step.</summary>
    public static string Of(Promotion promotion, int step) => promotion.Plan!.Steps[step] is { Percent: > 0 } some ? Of(some) : "start";

    /// <summary>Formats a verdict: <c>web: 0.1 % with 5xx or broken off (before: 0.2 %), 1200 requests</c>.</summary>
    public static string Of(Verdict verdict) => verdict.Outcome switch
    {
        VerdictOutcome.Bad => $"{verdict.Service} {verdict.Reason}",
        VerdictOutcome.NotJudged => $"{verdict.Service}: {verdict.Reason}",
        _ =>
            $"{verdict.Service}: {Share(verdict.Errors, verdict.Requests)} % with 5xx or broken off (before: "
            + $"{Share(verdict.ErrorsBefore, verdict.RequestsBefore)} %){P95(verdict)}, {verdict.Requests} requests",
    };

    private static string Share(long errors, long requests) =>
        requests == 0 ? "0" : (100m * errors / requests).ToString("0.#", CultureInfo.InvariantCulture);

    private static string P95(Verdict verdict) => verdict is { P95: { } now, P95Before: { } before }
        ? string.Create(CultureInfo.InvariantCulture, $", p95 {now:0.#} ms (before: {before:0.#} ms)") : "";
}
