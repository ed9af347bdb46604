namespace Releases.Tool;

/// <summary>A promotion.</summary>
internal sealed record PromotionView(
    string Id, string App, string Release, string? Previous, string Status, string StartedBy, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset Deadline, string? Reason, string? FailedService, string? CancelledBy, IReadOnlyList<FindingView> Findings,
    IReadOnlyList<ReleaseCommandView> ReleaseCommands, IReadOnlyList<PromotionServiceView> Services, IReadOnlyList<string> Retired,
    int? Percent, IReadOnlyList<PlanStepView> Steps, HoldView? Hold, IReadOnlyList<ReleaseCommandView> VerifyCommands,
    bool WaitsForApproval, bool Shortened)
{
    public static PromotionView Of(Promotion promotion) => new(
        promotion.Id.ToString(), promotion.App.ToString(), promotion.Release.ToString(), promotion.Previous?.ToString(),
        StatusText.Code(promotion.Status), promotion.StartedBy, promotion.StartedAt, promotion.EndedAt, promotion.Deadline,
        promotion.Reason,
        promotion.FailedService?.ToString(), promotion.CancelledBy,
        [.. promotion.Findings.Select(f => new FindingView(f.Code, f.Message, f.Remedy))],
        [.. promotion.ReleaseCommands.Select(ReleaseCommandView.Of)],
        [.. promotion.Services.Select(PromotionServiceView.Of)], [.. promotion.Retired.Select(s => s.ToString())],
        promotion.Traffic?.Percent, PlanStepView.Of(promotion),
        promotion.Hold is { } hold ? new(hold.Since, hold.Until, hold.ApprovedBy, hold.ApprovedAt) : null,
        [.. promotion.VerifyCommands.Select(ReleaseCommandView.Of)], promotion.WaitsForApproval,
        promotion.IsShortened);
}

/// <summary>The approval that a promotion waits for; without <c>since</c> it isn't waiting yet.</summary>
internal sealed record HoldView(DateTimeOffset? Since, DateTimeOffset? Until, string? ApprovedBy, DateTimeOffset? ApprovedAt);

/// <summary>The finding of a check.</summary>
internal sealed record FindingView(string Code, string Message, string? Remedy);

/// <summary>A service in a promotion.</summary>
internal sealed record PromotionServiceView(
    string Service, string Status, string? Reason, int Desired, int Running, int Healthy, int Old, DateTimeOffset? CompletedAt,
    IReadOnlyList<string> LastLines,
    IReadOnlyList<string> Warnings, IReadOnlyList<ServiceStepView> Steps, int? Percent, string? Stage)
{
    public static PromotionServiceView Of(PromotionService service) => new(
        service.Service.ToString(), StatusText.Code(service.Status), service.Reason, service.Desired, service.Running, service.Healthy,
        service.Old,
        service.CompletedAt, service.LastLines, service.Warnings,
        [.. service.Timeline.Select(s => new ServiceStepView(StatusText.Code(s.Status), s.At, s.Omitted))],
        service.Share, service.Stage);
}

/// <summary>The time at which a service reached a status, and how many changes before it aren't recorded.</summary>
internal sealed record ServiceStepView(string Status, DateTimeOffset At, int Omitted);

/// <summary>A run of a service's release or verify command; without <c>endedAt</c> it is running, or its end wasn't observed.</summary>
internal sealed record ReleaseCommandView(string Service, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int? ExitCode,
    IReadOnlyList<string> LastLines)
{
    public static ReleaseCommandView Of(ReleaseCommand command) =>
        new(command.Service.ToString(), command.StartedAt, command.EndedAt, command.ExitCode, command.LastLines);
}
