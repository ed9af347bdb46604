namespace Releases.Tool;

/// <summary>Represents what a page has received, as the id of an event: <c>promotion/log</c>, either part of which may be empty.</summary>
/// <param name="Promotion">The promotion that the page shows.</param>
/// <param name="Log">The position in its log.</param>
internal readonly record struct StreamPosition(PromotionId? Promotion, LogPosition? Log)
{
    /// <summary>Returns the position of a page that reconnects, or else the one in its address.</summary>
    public static StreamPosition Of(
        PageRequest request) => request.Http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id, ..]
            && id.Split('/') is [var promotion, var log]
        ? new(PromotionId.Read(promotion), LogPosition.Read(log))
        : new(PromotionId.Read(request.Query("promotion")), LogPosition.Read(request.Query("log")));

    public override string ToString() => $"{Promotion}/{Log}";
}
