namespace Releases.Tool;

/// <summary>How long an app's releases keep their artifacts; null for <c>keep</c> and <c>days</c>: always.</summary>
internal sealed record RetentionView(string App, int? Keep, int? Days, IReadOnlyList<string> Pinned)
{
    public static RetentionView Of(App app) =>
        new(app.Name.ToString(), app.Retention?.Keep, app.Retention?.Days, [.. app.Pinned.Select(p => p.ToString())]);
}

/// <summary>What was pruned, or would be; <c>waits</c> says that a running build delays the removal.</summary>
internal sealed record PruneView(string App, bool DryRun, long Bytes, bool Waits, IReadOnlyList<PrunedReleaseView> Releases)
{
    public static PruneView Of(PruneReport report, bool dryRun) => new(
        report.App.Name.ToString(), dryRun, report.Bytes, report.Waits,
        [.. report.Releases.Select(r => new PrunedReleaseView(r.Id.ToString(), r.Number, r.Commit, r.Description, r.CreatedAt))]);
}

/// <summary>A release that loses its artifacts.</summary>
internal sealed record PrunedReleaseView(string Id, long Version, string? Commit, string Description, DateTimeOffset CreatedAt);
