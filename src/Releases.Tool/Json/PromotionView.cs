namespace Releases.Tool;

/// <summary>A promotion as JSON tells it.</summary>
internal sealed record PromotionView(
    string Id, string App, string Release, string? Previous, string Status, string StartedBy, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    DateTimeOffset Deadline, string? Reason, string? FailedService, string? CancelledBy, IReadOnlyList<FindingView> Findings,
    IReadOnlyList<ReleaseCommandView> ReleaseCommands, IReadOnlyList<PromotionServiceView> Services, IReadOnlyList<string> Retired)
{
    public static PromotionView Of(Promotion promotion) => new(
        promotion.Id.ToString(), promotion.App.ToString(), promotion.Release.ToString(), promotion.Previous?.ToString(),
        StatusText.Code(promotion.Status), promotion.StartedBy, promotion.StartedAt, promotion.EndedAt, promotion.Deadline, promotion.Reason,
        promotion.FailedService?.ToString(), promotion.CancelledBy, [.. promotion.Findings.Select(f => new FindingView(f.Code, f.Message, f.Remedy))],
        [.. promotion.ReleaseCommands.Select(c => new ReleaseCommandView(c.Service.ToString(), c.StartedAt, c.EndedAt, c.ExitCode, c.LastLines))],
        [.. promotion.Services.Select(PromotionServiceView.Of)], [.. promotion.Retired.Select(s => s.ToString())]);
}

/// <summary>What a check found.</summary>
internal sealed record FindingView(string Code, string Message, string? Remedy);

/// <summary>One service in a promotion.</summary>
internal sealed record PromotionServiceView(
    string Service, string Status, string? Reason, int Desired, int Running, int Healthy, int Old, DateTimeOffset? CompletedAt, IReadOnlyList<string> LastLines,
    IReadOnlyList<string> Warnings, IReadOnlyList<ServiceStepView> Steps)
{
    public static PromotionServiceView Of(PromotionService service) => new(
        service.Service.ToString(), StatusText.Code(service.Status), service.Reason, service.Desired, service.Running, service.Healthy, service.Old,
        service.CompletedAt, service.LastLines, service.Warnings, [.. service.Timeline.Select(s => new ServiceStepView(StatusText.Code(s.Status), s.At))]);
}

/// <summary>When a service came to a status.</summary>
internal sealed record ServiceStepView(string Status, DateTimeOffset At);

/// <summary>A run of a service's release command; without <c>endedAt</c> it runs, or nobody has seen its end.</summary>
internal sealed record ReleaseCommandView(string Service, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int? ExitCode, IReadOnlyList<string> LastLines);
