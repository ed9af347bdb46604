using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>One release in full, and what promoting it would change.</summary>
internal static class ReleasePage
{
    public static async Task<IResult> Show(Visit visit)
    {
        var app = await visit.App();
        var release = await visit.Release(app);
        var standing = await Standing.Of(app, visit.Store, visit.Cancel);
        var environment = await visit.Rack.ReadEnvironment(release, visit.Cancel);
        var active = app.Active is { } id && id != release.Id ? await visit.Store.RequireRelease(app.Name, id, visit.Cancel) : null;
        var difference = app.Active == release.Id ? null : await Comparison.Of(visit.Rack, active, release, visit.Cancel);
        var manifest = release.Manifest is { } text ? await visit.Store.ReadManifest(text, visit.Cancel) : "";
        var view = new ReleaseInFull(release, standing, active, [.. environment.Keys], difference, manifest);
        return new Page($"{release.Id} of {app.Name}", new AspNetCoreGeneratedDocument.Console_Pages_Release { Model = view, Visit = visit }) { Standing = standing, Tab = "releases" };
    }
}

/// <summary>A release and all that is known of it.</summary>
/// <param name="Release">The release.</param>
/// <param name="Standing">What is active, and what runs.</param>
/// <param name="Active">The active release; null: it is this one, or none is.</param>
/// <param name="Keys">The variables of its environment.</param>
/// <param name="Difference">What promoting it would change; null: it is the active one.</param>
/// <param name="Manifest">The text of its convox.yml.</param>
internal sealed record ReleaseInFull(
    Release Release, Standing Standing, Release? Active, IReadOnlyList<string> Keys, Comparison? Difference, string Manifest);
