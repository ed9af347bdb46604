namespace Releases.Tool;

/// <summary>Describes what blocks a promotion, as a page shows it next to a disabled button.</summary>
internal static class PromotionBlockers
{
    /// <summary>Returns why no release of the app can be promoted now, or null if one can.</summary>
    public static string? WhyNot(this AppStatus appStatus) =>
        appStatus.App.Hold is { } hold ? $"Locked by {hold.By}: {hold.Reason}"
        : appStatus.Lock is { } held ? $"Another promotion is running, started by {held.StartedBy}"
        : null;

    /// <summary>Returns why this release can't be promoted, or null if it can.</summary>
    public static string? WhyIncomplete(this Release release) =>
        release.PrunedAt is not null
            ? "it was pruned; to get it back, build "
                + $"{(release.Commit is { } commit ? StatusText.ShortCommit(commit) : "the same source")} again"
        : release.Services.Count == 0 ? "it has no services yet; the first build adds them"
        : release.Missing.Count > 0 ? $"no artifact yet for: {string.Join(", ", release.Missing)}"
        : null;
}
