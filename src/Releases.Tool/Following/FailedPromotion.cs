namespace Releases.Tool;

/// <summary>Describes a promotion that didn't succeed as problems: why, what is live now, and what to do next.</summary>
internal static class FailedPromotion
{
    public static IReadOnlyList<Problem> Problems(Promotion promotion, PromotionLabels labels)
    {
        var details = Remedy.Do(Operation.ShowPromotion, "Details", promotion.Id.ToString());
        var failed = $"{labels.Release} wasn't {Done(promotion)}: {Reason(promotion)}";
        return promotion switch
        {
            { Status: PromotionStatus.Stuck } => [Stuck(promotion, labels, failed, details)],
            { Findings: [_, ..] findings } =>
                [.. findings.Select(f => f.ToProblem(ProblemKind.PromotionFailed)), Untouched(promotion, labels)],
            { Status: PromotionStatus.Cancelled } => [Failed(
                $"{failed} {WhatIsLive(promotion, labels)}".TrimEnd(),
                promotion.IsRestart
                    ? Remedy.Do(Operation.Restart, "Restart it again")
                    : Remedy.Do(Operation.Promote, "Promote it again", promotion.Release.ToString()))],
            _ => [Failed(
                $"{failed} {WhatIsLive(promotion, labels)}".TrimEnd(),
                Job(promotion) is { } job ? RunOnce(promotion, job).Or(details) : details)],
        };
    }

    /// <summary>Returns the failed service if it ended as a job does.</summary>
    private static ServiceName? Job(Promotion promotion) =>
        promotion.Reason?.Contains(ProcessEnd.KeepsRunning, StringComparison.Ordinal) == true ? promotion.FailedService : null;

    private static Remedy RunOnce(Promotion promotion, ServiceName job) => Remedy.Do(
        Operation.Run, "Run it", OperationOption.Release, promotion.Release.ToString(), job.ToString(), "--", "<command>");

    /// <summary>Returns what the promotion was to do with its release: a restart promotes the one that is active.</summary>
    public static string Done(Promotion promotion) => promotion.IsRestart ? "restarted" : "promoted";

    /// <summary>
    /// Returns what is live after the promotion. Even without a previous release something may be running, such as the first task
    /// definition of an ECS service. Empty if only a summary of the promotion is left, which doesn't have that.
    /// </summary>
    public static string WhatIsLive(Promotion promotion, PromotionLabels labels)
    {
        if (promotion.IsShortened) return "";
        if (promotion.Services is [] || promotion.Findings is not [])
            return (promotion.ReleaseCommands is [] ? "Nothing changed" : "No process was replaced") + $"{Still(promotion, labels)}.";
        if (labels.Previous is { } previous) return $"{previous} is still live.";
        var isRunning = promotion.Services.Any(s => s.Running > 0);
        return $"No release was active before, and none is now.{(isRunning ? " The processes from before are back." : "")}";
    }

    /// <summary>
    /// Continues the sentence about a promotion that changed nothing. Nobody looked at the processes then, which may not be running either.
    /// </summary>
    private static string Still(Promotion promotion, PromotionLabels labels) =>
        promotion.IsRestart ? ""
        : labels.Previous is { } previous ? $": {previous} is still active"
        : ": no release was active before, and none is now";

    private static Problem Untouched(Promotion promotion, PromotionLabels labels) =>
        Failed($"{labels.Release} wasn't {Done(promotion)}, and nothing changed{Still(promotion, labels)}.", null);

    private static Problem Failed(string message, Remedy? remedy) =>
        new(ProblemCode.PromotionFailed, message, remedy, ProblemKind.PromotionFailed);

    private static Problem Stuck(Promotion promotion, PromotionLabels labels, string failed, Remedy details)
    {
        var stuck = promotion.Services.Where(s => s.Status == ServiceStatus.Stuck)
            .Select(s => s.Reason is { } why ? $"{s.Service} ({why.TrimEnd('.')})" : $"{s.Service}");
        var outcome = promotion.Services is []
            ? $"{failed} {WhatIsLive(promotion, labels)}".TrimEnd()
            : $"{failed} The rollback to {Before(promotion, labels)} didn't finish for: {string.Join(", ", stuck)}.";
        return new(
            ProblemCode.Stuck, $"{outcome} Manual action is needed.",
            details.Or(Remedy.Do(Operation.Promote, "Promote a release that works", "<id>")),
            ProblemKind.NeedsPerson);
    }

    private static string Before(Promotion promotion, PromotionLabels labels) =>
        promotion.IsRestart ? "the processes from before" : labels.Previous ?? "the processes from before";

    private static string Reason(Promotion promotion) =>
        promotion.Reason is { } reason ? reason.EndsWith('.') ? reason : reason + "." : "no reason was recorded.";
}
