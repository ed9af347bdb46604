using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The releases of an app, a page of them at a time: one read along a range, however many there are.</summary>
internal static class ReleasesPage
{
    public const int PageSize = 25;

    public static async Task<IResult> Show(Visit visit)
    {
        var app = await visit.App();
        var below = long.TryParse(visit.Query("below"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        var releases = await visit.Store.ListReleases(app.Name, PageSize + 1, below, visit.Cancel);
        var standing = await Standing.Of(app, visit.Store, visit.Cancel);
        var active = app.Active is { } id ? releases.FirstOrDefault(r => r.Id == id) ?? await visit.Store.FindRelease(app.Name, id, visit.Cancel) : null;
        var view = new ReleasesView(standing, [.. releases.Take(PageSize)], active, releases.Count > PageSize ? releases[PageSize - 1].Number : null, below is not null);
        return new Page($"Releases of {app.Name}", new AspNetCoreGeneratedDocument.Console_Pages_Releases { Model = view, Visit = visit }) { Standing = standing, Tab = "releases" };
    }
}

/// <summary>A page of releases.</summary>
/// <param name="Standing">What is active, and what runs.</param>
/// <param name="Releases">Newest first.</param>
/// <param name="Active">The active one, also where it is not among them.</param>
/// <param name="Below">The number that the next page begins below; null: there is none.</param>
/// <param name="IsOlder">Whether there are newer ones.</param>
internal sealed record ReleasesView(Standing Standing, IReadOnlyList<Release> Releases, Release? Active, long? Below, bool IsOlder)
{
    /// <summary>Whether something is in the way of a promotion.</summary>
    public bool IsBusy => Standing.WhyNot() is not null;

    /// <summary>One that is older than the active one is gone back to: a copy of it is promoted.</summary>
    public bool IsBehind(Release release) => Active is { } active && release.Number < active.Number;
}
