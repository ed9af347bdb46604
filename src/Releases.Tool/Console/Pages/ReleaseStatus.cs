namespace Releases.Tool;

/// <summary>Provides the status of a release for all pages.</summary>
internal static class ReleaseStatus
{
    /// <summary>Returns the status of a release, including whether it was live or its promotion was cancelled.</summary>
    public static Cell CellOf(this AppStatus status, Release release, ReleaseHistory history, DateTimeOffset now) =>
        status.CellOf(release, now) is { Text.Length: > 0 } cell ? cell
        : release.LastOutcome == PromotionStatus.Cancelled ? new("cancelled", TextStyle.Faint)
        : history.WasLive(release) ? new("was live", TextStyle.Faint) : new("");

    /// <summary>Returns the promotion that a release's status links to, or null if none is known.</summary>
    public static Promotion? Explains(this ReleaseHistory history, Release release) =>
        release.LastOutcome is PromotionStatus.Failed or PromotionStatus.Stuck or PromotionStatus.Cancelled
        && history.ByRelease.GetValueOrDefault(release.Id) is { } past ? past.Last : null;
}
