namespace Releases.Tool;

/// <summary>What a page has been told, as the id of an event: <c>promotion/log</c>, each where there is one.</summary>
/// <param name="Promotion">The promotion that it shows.</param>
/// <param name="Log">How far its log was told.</param>
internal readonly record struct StreamPosition(PromotionId? Promotion, LogPosition? Log)
{
    /// <summary>What a page says that comes back, else what its address says.</summary>
    public static StreamPosition Of(
        PageRequest request) => request.Http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id, ..]
            && id.Split('/') is [var promotion, var log]
        ? new(PromotionId.Read(promotion), LogPosition.Read(log))
        : new(PromotionId.Read(request.Query("promotion")), LogPosition.Read(request.Query("log")));

    public override string ToString() => $"{Promotion}/{Log}";
}
