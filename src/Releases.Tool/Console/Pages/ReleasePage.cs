using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows a release in detail and what promoting it would change.</summary>
internal static class ReleasePage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var release = await request.Release(app);
        var appStatus = await AppStatus.Read(app, request.Rack, request.Cancel);
        var environment = await request.Rack.ReadEnvironment(release, request.Cancel);
        var active = app.Active is { } id && id != release.Id ? await request.Store.RequireRelease(app.Name, id, request.Cancel) : null;
        var difference = app.Active == release.Id
            ? null
            : await new CompareReleases(request.Operations()).Between(active, release, request.Cancel);
        var manifest = release.Manifest is { } text ? await request.Store.ReadManifest(text, request.Cancel) : "";
        var history = await ReleaseHistory.Read(request.Store, app.Name, request.Cancel);
        var evidence = await ReleaseEvidence.Read(request, release);
        var view = new ReleaseInFull(release, appStatus, active, [.. environment.Keys], difference, manifest, history)
        {
            Evidence = evidence,
        };
        return new Page(
            $"v{release.Number}", new AspNetCoreGeneratedDocument.Console_Pages_Release { Model = view, Request = request })
        {
            AppStatus = appStatus,
            Tab = "releases",
        };
    }
}

/// <summary>Represents a release and all details of it.</summary>
/// <param name="Release">The release.</param>
/// <param name="AppStatus">The app's status.</param>
/// <param name="Active">The active release, or null if it is this one or there is none.</param>
/// <param name="Keys">The variables of its environment.</param>
/// <param name="Difference">What promoting it would change, or null for the active release.</param>
/// <param name="Manifest">The text of its convox.yml.</param>
/// <param name="History">The releases' newest promotions.</param>
internal sealed record ReleaseInFull(
    Release Release, AppStatus AppStatus, Release? Active, IReadOnlyList<string> Keys, ReleaseComparison? Difference,
    string Manifest, ReleaseHistory History)
{
    /// <summary>Gets the recorded origins of its services' programs.</summary>
    public IReadOnlyList<ReleaseEvidence> Evidence { get; init; } = [];

    public PastPromotions? Past => History.ByRelease.GetValueOrDefault(Release.Id);

    /// <summary>Gets whether rolling back to the release makes sense: it was live once, and a newer one is active.</summary>
    public bool CanRollBack => Active is { } active && Release.Number < active.Number && History.WasLive(Release);
}
