namespace Releases.Tool;

/// <summary>Represents the progress of a promotion.</summary>
/// <param name="Promotion">The promotion.</param>
/// <param name="AppStatus">The app's status, with the lock that the promotion holds while it is running.</param>
/// <param name="IsRunByDaemon">Whether the rack has a daemon, which drives all of its promotions.</param>
internal sealed record ProgressView(Promotion Promotion, AppStatus AppStatus, bool IsRunByDaemon)
{
    /// <summary>Gets the promotion's lock, or null once it no longer holds it.</summary>
    public PromotionLock? Lock => AppStatus.Lock is { } held && held.Promotion == Promotion.Id ? held : null;

    /// <summary>
    /// Gets whether the new processes belong to the promoted release. During a rollback they belong to the previously active one.
    /// </summary>
    public bool IsForward =>
        Promotion.Status is PromotionStatus.Succeeded || !(Promotion.Ended || Promotion.Status is PromotionStatus.RollingBack);

    /// <summary>Gets whether everything is ready and waits for approval.</summary>
    public bool WaitsForApproval => Lock is { ApprovedBy: null } && Promotion.WaitsForApproval;

    /// <summary>Gets the step that the traffic is at, or null once nothing moves any longer.</summary>
    public int? CurrentStep => Lock is not null && IsForward && Promotion.Steps is [.., var step] ? step.Step : null;

    /// <summary>Gets the prefix of the title of every page of the app, which shows the state of the promotion.</summary>
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

    /// <summary>Gets the icon for the same state.</summary>
    public string Icon => Promotion.Status == PromotionStatus.Succeeded
        ? "good"
        : Promotion.Ended || Promotion.Status == PromotionStatus.RollingBack ? "bad" : "busy";

    /// <summary>Gets what happens at the time limit.</summary>
    public string AtTheLimit => Promotion.RollbackDeadline is null ? "Rolls back automatically in" : "Stops trying to roll back in";

    public DateTimeOffset Limit => Promotion.RollbackDeadline ?? Promotion.Deadline;

    /// <summary>Gets who drives the promotion, or an empty text if nothing drives it any longer.</summary>
    public string Driver => Lock is not { } held ? "" : IsRunByDaemon ? "run by the rack" : $"run by {held.Owner}";

    /// <summary>Returns why the promotion didn't succeed and what is live now.</summary>
    /// <param name="previous">The name of the previously active release, or null if there was none.</param>
    public string Outcome(string? previous) => (Promotion.Reason, Promotion.Status, previous) switch
    {
        (var reason, PromotionStatus.Stuck, _) when Promotion is { Services: [], IsShortened: false } =>
            $"{Sentence(reason)} {FailedPromotion.WhatIsLive(Promotion, LabelsOf(previous))} Manual action is needed.",
        (var reason, PromotionStatus.Stuck, _) =>
            $"{Sentence(reason)} Rolling back to {previous ?? "nothing"} didn’t finish{StuckServices}. Manual action is needed.",
        // The findings are listed by themselves.
        _ when Promotion.Findings.Count > 0 => FailedPromotion.WhatIsLive(Promotion, LabelsOf(previous)),
        (var reason, _, _) =>
            $"{Sentence(reason)} {FailedPromotion.WhatIsLive(Promotion, LabelsOf(previous))}".TrimEnd(),
    };

    private string StuckServices =>
        string.Join(", ", Promotion.Services.Where(s => s.Status == ServiceStatus.Stuck).Select(s => s.Service)) is { Length: > 0 } stuck
            ? $" for {stuck}"
            : "";

    /// <summary>
    /// Returns the stage that ECS reports for a service, or why the service isn't as it should be. Earlier observations don't count as a
    /// reason once the service is healthy or the promotion is cancelled.
    /// </summary>
    public string? ReasonOf(PromotionService service) =>
        Promotion.Status == PromotionStatus.Cancelled || Lock?.CancelRequestedBy is not null
        || service.Status is ServiceStatus.Healthy or ServiceStatus.Complete
            ? StageText.Of(service)
            : StageText.WithReason(service) is { } reason ? SafeText.WithoutEscapes(reason) : null;

    public static Slice Slice(PageRequest request, ProgressView view) =>
        new AspNetCoreGeneratedDocument.Console_Pages_Progress { Model = view, Request = request };

    private PromotionLabels LabelsOf(string? previous) => new(Promotion.Release.ToString(), previous);

    /// <summary>Makes a sentence of a reason. One that begins with a service keeps its name as it is.</summary>
    private string Sentence(string? reason)
    {
        if (reason is not { Length: > 0 }) return "No reason was recorded.";
        var begun = Promotion.Status == PromotionStatus.Cancelled ? char.ToUpperInvariant(reason[0]) + reason[1..] : reason;
        return begun.EndsWith('.') ? begun : begun + ".";
    }
}
