namespace Releases.Tool;

/// <summary>A release.</summary>
internal record ReleaseView(
    string Id, long Version, string App, string? Status, string? Build, string? Commit, string Description, DateTimeOffset CreatedAt,
    string CreatedBy,
    bool Pinned, DateTimeOffset? PrunedAt)
{
    public static ReleaseView Of(Release release, AppStatus appStatus) =>
        Of(release, appStatus.Code(release), appStatus.App.Pinned.Contains(release.Id));

    /// <summary>Returns the view of a new release, which has no status yet.</summary>
    public static ReleaseView New(Release release) => Of(release, status: null, pinned: false);

    private static ReleaseView Of(Release release, string? status, bool pinned) => new(
        release.Id.ToString(), release.Number, release.App.ToString(), status, release.Build?.ToString(), release.Commit,
        release.Description, release.CreatedAt, release.CreatedBy, pinned, release.PrunedAt);
}

/// <summary>A release with its content.</summary>
internal sealed record ReleaseDetails(
    string Id, long Version, string App, string? Status, string? Build, string? Commit, string Description, DateTimeOffset CreatedAt,
    string CreatedBy,
    bool Pinned, DateTimeOffset? PrunedAt, string? BasedOn, string? CopyOf, string? Manifest, IReadOnlyList<string> EnvironmentKeys,
    IReadOnlyList<ReleaseServiceView> Services, OriginView? Origin, long? Oldest, IReadOnlyDictionary<string, string> Restores)
    : ReleaseView(Id, Version, App, Status, Build, Commit, Description, CreatedAt, CreatedBy, Pinned, PrunedAt)
{
    public static ReleaseDetails Of(Release release, AppStatus appStatus, EnvironmentSet environment) => new(
        release.Id.ToString(), release.Number, release.App.ToString(), appStatus.Code(release), release.Build?.ToString(), release.Commit,
        release.Description, release.CreatedAt, release.CreatedBy, appStatus.App.Pinned.Contains(release.Id), release.PrunedAt,
        release.BasedOn?.ToString(), release.CopyOf?.ToString(), release.Manifest?.ToString(), [.. environment.Keys],
        [.. release.Services.OrderBy(s => s.Key).Select(s => ReleaseServiceView.Of(s.Key, s.Value))], OriginView.Of(release.Origin),
        release.Oldest, release.Restores.ToDictionary(s => s.Key.ToString(), s => s.Value.ToString()));
}

/// <summary>The release of another app or rack that a release or a build was copied from.</summary>
internal sealed record OriginView(
    string Rack, string App, string Release, long Version, string? Commit, string CreatedBy, DateTimeOffset CreatedAt)
{
    public static OriginView? Of(ReleaseOrigin? origin) => origin is null ? null : new(
        origin.Rack, origin.App.ToString(), origin.Release.ToString(), origin.Number, origin.Commit, origin.CreatedBy, origin.CreatedAt);
}

/// <summary>An exported release; <c>digest</c> is that of its record, which names everything in the file.</summary>
internal sealed record ExportView(string Release, string File, long Bytes, string Digest);

/// <summary>A service of a release; without an artifact it hasn't been published yet.</summary>
internal sealed record ReleaseServiceView(string Service, string? Artifact, long? Bytes, string? Build, string? Commit,
    string? Project, EvidenceView? Evidence)
{
    public static ReleaseServiceView Of(ServiceName name, ReleaseService service) => new(
        name.ToString(), service.Artifact?.Digest, service.Artifact?.Bytes, service.Build?.ToString(), service.Commit, service.Project,
        service.Evidence is { } evidence ? new(evidence.Sdk, evidence.Run, evidence.Sbom, evidence.Provenance) : null);
}

/// <summary>The recorded origin of an artifact; the last two values are digests of documents.</summary>
internal sealed record EvidenceView(string? Sdk, string? Run, string? Sbom, string? Provenance);

/// <summary>Whether a release matches its record and can be promoted.</summary>
internal sealed record VerificationView(string Release, bool Sound, IReadOnlyList<ReleaseCheckView> Checks)
{
    public static VerificationView Of(VerifiedRelease verified, RemedyText remedies) => new(
        verified.Release.Id.ToString(), verified.IsSound,
        [.. verified.Checks.Select(c => new ReleaseCheckView(
            c.Service?.ToString(), c.What, c.Digest, c.Problem is { } p ? new(p.Code, p.Text, remedies.Line(p.Remedy)) : null))]);
}

/// <summary>One check; without a service it is about the whole release.</summary>
internal sealed record ReleaseCheckView(string? Service, string Check, string? Digest, ErrorView? Problem);

/// <summary>The manifest of a release.</summary>
internal sealed record ManifestView(string Release, string Manifest, string Text);
