namespace Releases.Tool;

/// <summary>A release as JSON tells it.</summary>
internal record ReleaseView(
    string Id, long Version, string App, string? Status, string? Build, string? Commit, string Description, DateTimeOffset CreatedAt, string CreatedBy,
    bool Pinned, DateTimeOffset? PrunedAt)
{
    public static ReleaseView Of(Release release, AppStatus appStatus) => Of(release, appStatus.Code(release), appStatus.App.Pinned.Contains(release.Id));

    /// <summary>One that was just made has no status yet.</summary>
    public static ReleaseView New(Release release) => Of(release, status: null, pinned: false);

    private static ReleaseView Of(Release release, string? status, bool pinned) => new(
        release.Id.ToString(), release.Number, release.App.ToString(), status, release.Build?.ToString(), release.Commit,
        release.Description, release.CreatedAt, release.CreatedBy, pinned, release.PrunedAt);
}

/// <summary>A release with what is in it.</summary>
internal sealed record ReleaseDetails(
    string Id, long Version, string App, string? Status, string? Build, string? Commit, string Description, DateTimeOffset CreatedAt, string CreatedBy,
    bool Pinned, DateTimeOffset? PrunedAt, string? BasedOn, string? CopyOf, string? Manifest, IReadOnlyList<string> EnvironmentKeys, IReadOnlyList<ReleaseServiceView> Services)
    : ReleaseView(Id, Version, App, Status, Build, Commit, Description, CreatedAt, CreatedBy, Pinned, PrunedAt)
{
    public static ReleaseDetails Of(Release release, AppStatus appStatus, EnvironmentSet environment) => new(
        release.Id.ToString(), release.Number, release.App.ToString(), appStatus.Code(release), release.Build?.ToString(), release.Commit,
        release.Description, release.CreatedAt, release.CreatedBy, appStatus.App.Pinned.Contains(release.Id), release.PrunedAt,
        release.BasedOn?.ToString(), release.CopyOf?.ToString(), release.Manifest?.ToString(), [.. environment.Keys],
        [.. release.Services.OrderBy(s => s.Key).Select(s => ReleaseServiceView.Of(s.Key, s.Value))]);
}

/// <summary>One service of a release; no artifact means that it was not published yet.</summary>
internal sealed record ReleaseServiceView(string Service, string? Artifact, long? Bytes, string? Build, string? Commit, string? Project)
{
    public static ReleaseServiceView Of(ServiceName name, ReleaseService service) => new(
        name.ToString(), service.Artifact?.Digest, service.Artifact?.Bytes, service.Build?.ToString(), service.Commit, service.Project);
}

/// <summary>The manifest of a release.</summary>
internal sealed record ManifestView(string Release, string Manifest, string Text);
