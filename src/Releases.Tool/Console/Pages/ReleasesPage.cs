using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The releases of an app, a page of them at a time: one read along a range, however many there are.</summary>
internal static class ReleasesPage
{
    public const int PageSize = 25;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var below = long.TryParse(request.Query("below"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        var releases = await request.Store.ListReleases(app.Name, PageSize + 1, below, request.Cancel);
        var appStatus = await AppStatus.Read(app, request.Store, request.Cancel);
        var active = app.Active is { } id ? releases.FirstOrDefault(r => r.Id == id) ?? await request.Store.FindRelease(app.Name, id, request.Cancel) : null;
        var view = new ReleasesView(appStatus, [.. releases.Take(PageSize)], active, releases.Count > PageSize ? releases[PageSize - 1].Number : null, below is not null);
        return new Page($"Releases of {app.Name}", new AspNetCoreGeneratedDocument.Console_Pages_Releases { Model = view, Request = request }) { AppStatus = appStatus, Tab = "releases" };
    }
}

/// <summary>A page of releases.</summary>
/// <param name="AppStatus">The active release, and the live status.</param>
/// <param name="Releases">Newest first.</param>
/// <param name="Active">The active one, even if it is not among them.</param>
/// <param name="Below">The number that the next page begins below; null: there is none.</param>
/// <param name="IsOlder">Whether there are newer ones.</param>
internal sealed record ReleasesView(AppStatus AppStatus, IReadOnlyList<Release> Releases, Release? Active, long? Below, bool IsOlder)
{
    /// <summary>Whether something is in the way of a promotion.</summary>
    public bool IsBusy => AppStatus.WhyNot() is not null;

    /// <summary>One that is older than the active one is rolled back to: a copy of it is promoted.</summary>
    public bool IsBehind(Release release) => Active is { } active && release.Number < active.Number;
}
