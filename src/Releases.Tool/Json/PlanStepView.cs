namespace Releases.Tool;

/// <summary>A step of the rollout plan; without <c>since</c> it hasn't begun.</summary>
internal sealed record PlanStepView(
    int Step, int Percent, IReadOnlyDictionary<string, int> Shares, int HoldSeconds, bool KeepsOld, DateTimeOffset? Since,
    DateTimeOffset? EndedAt,
    IReadOnlyList<VerdictView> Verdicts)
{
    public static IReadOnlyList<PlanStepView> Of(Promotion promotion) =>
        promotion.Plan is { } plan ? Of(plan, promotion.Steps) : [];

    /// <summary>Returns the steps; empty if all traffic moves at once.</summary>
    public static IReadOnlyList<PlanStepView> Of(RolloutPlan plan, IReadOnlyList<PlanStep> taken) =>
        plan.IsAllAtOnce ? [] : [.. plan.Steps.Select((step, i) => Of(i, step, taken.FirstOrDefault(s => s.Step == i)))];

    private static PlanStepView Of(int number, RolloutStep step, PlanStep? taken) => new(
        number, step.Percent, step.Shares.ToDictionary(s => s.Key.ToString(), s => s.Value), step.HoldSeconds, step.KeepsOld, taken?.Since,
        taken?.EndedAt,
        [.. (taken?.Verdicts ?? []).Select(VerdictView.Of)]);
}

/// <summary>The result of comparing a service's new and old processes.</summary>
internal sealed record VerdictView(
    string Service, string Outcome, string? Reason, long Requests, long Errors, long Unanswered, double? P95Milliseconds,
    long RequestsBefore, long ErrorsBefore, long UnansweredBefore, double? P95MillisecondsBefore)
{
    public static VerdictView Of(Verdict verdict) => new(
        verdict.Service.ToString(), StatusText.Code(verdict.Outcome), verdict.Reason, verdict.Requests, verdict.Errors,
        verdict.Unanswered, verdict.P95, verdict.RequestsBefore, verdict.ErrorsBefore, verdict.UnansweredBefore, verdict.P95Before);
}
