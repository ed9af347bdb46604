namespace Releases.Tool;

/// <summary>How long an app's releases keep their artifacts; if <c>keep</c> and <c>days</c> are null, forever.</summary>
internal sealed record RetentionView(string App, int? Keep, int? Days, IReadOnlyList<string> Pinned)
{
    public static RetentionView Of(App app) =>
        new(app.Name.ToString(), app.Retention?.Keep, app.Retention?.Days, [.. app.Pinned.Select(p => p.ToString())]);
}

/// <summary>The releases that were or would be pruned; <c>waits</c> means that a running build delays the removal.</summary>
internal sealed record PruneView(string App, bool DryRun, long Bytes, bool Waits, IReadOnlyList<PrunedReleaseView> Releases)
{
    public static PruneView Of(PruneReport report, bool dryRun) => new(
        report.App.Name.ToString(), dryRun, report.Bytes, report.Waits,
        [.. report.Releases.Select(r => new PrunedReleaseView(r.Id.ToString(), r.Number, r.Commit, r.Description, r.CreatedAt))]);
}

/// <summary>A release that loses its artifacts.</summary>
internal sealed record PrunedReleaseView(string Id, long Version, string? Commit, string Description, DateTimeOffset CreatedAt);
