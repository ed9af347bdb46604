namespace Releases.Tool;

/// <summary>How a promotion stands.</summary>
/// <param name="Promotion">The promotion.</param>
/// <param name="AppStatus">The app's lock, which the promotion holds, or no longer holds.</param>
internal sealed record ProgressView(Promotion Promotion, AppStatus AppStatus)
{
    private const string RackDriver = "daemon ";

    /// <summary>Its lock, while it runs.</summary>
    public PromotionLock? Lock => AppStatus.Lock is { } held && held.Promotion == Promotion.Id ? held : null;

    /// <summary>Whether the new processes are those that come. On the way back they are those that were active before.</summary>
    public bool IsForward =>
        Promotion.Status is PromotionStatus.Succeeded || !(Promotion.Ended || Promotion.Status is PromotionStatus.RollingBack);

    /// <summary>Whether everything is ready and somebody has to approve it.</summary>
    public bool WaitsForApproval => Lock is { ApprovedBy: null } && Promotion.WaitsForApproval;

    /// <summary>What stands before the title of every page of the app while it runs, and once when it has ended.</summary>
    public string TitleState => Promotion switch
    {
        { Status: PromotionStatus.Succeeded } => "✓ ",
        { Ended: true } => "✕ ",
        { Status: PromotionStatus.RollingBack } => "↺ ",
        _ when WaitsForApproval => "? ",
        { Services: { Count: > 0 } all } =>
            $"● {all.Count(s => s.Status is ServiceStatus.Healthy or ServiceStatus.Draining or ServiceStatus.Complete)}/{all.Count} ",
        _ => "● ",
    };

    /// <summary>The icon that says the same.</summary>
    public string Icon => Promotion.Status == PromotionStatus.Succeeded
        ? "good"
        : Promotion.Ended || Promotion.Status == PromotionStatus.RollingBack ? "bad" : "busy";

    /// <summary>What is done when the time is over.</summary>
    public string AtTheLimit => Promotion.RollbackDeadline is null ? "Rolls back automatically in" : "Stops trying to roll back in";

    public DateTimeOffset Limit => Promotion.RollbackDeadline ?? Promotion.Deadline;

    /// <summary>Who drives it.</summary>
    public string Driver => Lock is not { } held
        ? ""
        : held.Owner.StartsWith(RackDriver, StringComparison.Ordinal) ? "run by the rack" : $"run by {held.Owner}";

    /// <summary>Why it didn't succeed, and what is live now.</summary>
    /// <param name="previous">What the release is called that was active before; null: none was.</param>
    public string Outcome(string? previous) => (Promotion.Reason, Promotion.Status, previous) switch
    {
        (var reason, PromotionStatus.Stuck, _) =>
            $"{Sentence(reason)} Rolling back to {previous ?? "nothing"} didn’t finish for "
            + $"{string.Join(", ", Promotion.Services.Where(s => s.Status == ServiceStatus.Stuck).Select(s => s.Service))}. "
            + "Manual action is needed.",
        (_, _, { }) when Promotion.Findings.Count > 0 => $"Nothing was touched. {previous} is still live.",
        (_, _, null) when Promotion.Findings.Count > 0 => "Nothing was touched, and nothing runs.",
        (var reason, _, { }) => $"{Sentence(reason)} {previous} is still live.",
        (var reason, _, null) => $"{Sentence(reason)} Nothing ran before, and nothing runs now.",
    };

    /// <summary>
    /// What ECS does with it, or why a service does not do what it should. What was seen of one that became healthy, or that nobody waited
    /// for because the promotion was cancelled, is no reason.
    /// </summary>
    public string? ReasonOf(PromotionService service) =>
        Promotion.Status == PromotionStatus.Cancelled || Lock?.CancelRequestedBy is not null
        || service.Status is ServiceStatus.Healthy or ServiceStatus.Complete
            ? StageText.Of(service)
            : StageText.WithReason(service) is { } reason ? SafeText.WithoutEscapes(reason) : null;

    public static Slice Slice(PageRequest request, ProgressView view) =>
        new AspNetCoreGeneratedDocument.Console_Pages_Progress { Model = view, Request = request };

    private static string Sentence(string? reason) =>
        reason is null ? "No reason was recorded." : reason.EndsWith('.') ? reason : reason + ".";
}
