namespace Releases.Tool;

/// <summary>A promotion as JSON tells it.</summary>
internal sealed record PromotionView(
    string Id, string App, string Release, string? Previous, string Status, string StartedBy, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    DateTimeOffset Deadline, string? Reason, string? CancelledBy, IReadOnlyList<Finding> Findings, IReadOnlyList<PromotionServiceView> Services)
{
    public static PromotionView Of(Promotion promotion) => new(
        promotion.Id.ToString(), promotion.App.ToString(), promotion.Release.ToString(), promotion.Previous?.ToString(),
        Words.Code(promotion.Status), promotion.StartedBy, promotion.StartedAt, promotion.EndedAt, promotion.Deadline, promotion.Reason,
        promotion.CancelledBy, promotion.Findings, [.. promotion.Services.Select(PromotionServiceView.Of)]);
}

/// <summary>One service in a promotion.</summary>
internal sealed record PromotionServiceView(
    string Service, string Status, string? Reason, int Desired, int Running, int Healthy, int Old, DateTimeOffset? CompletedAt, IReadOnlyList<string> LastLines)
{
    public static PromotionServiceView Of(PromotionService service) => new(
        service.Service.ToString(), Words.Code(service.Status), service.Reason, service.Desired, service.Running, service.Healthy, service.Old,
        service.CompletedAt, service.LastLines);
}
