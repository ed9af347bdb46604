using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The builds of an app, newest first.</summary>
internal static class BuildsPage
{
    private const int PageSize = 25;
    private const int MaxListed = 400;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var limit = int.TryParse(request.Query("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? Math.Clamp(asked, PageSize, MaxListed)
            : PageSize;
        var builds = await request.Store.ListBuilds(app.Name, limit + 1, request.Cancel);
        await request.Console.Releases.Prepare(app.Name, builds.Take(limit).Select(b => b.Release).OfType<ReleaseId>(), request.Cancel);
        var status = await AppStatus.Read(app, request.Store, request.Cancel);
        var view = new BuildsView(app, [.. builds.Take(limit).Select(b => b.AsOf(request.Now))],
            builds.Count > limit && limit < MaxListed ? Math.Min(limit * 2, MaxListed) : null);
        return new Page("Builds", new AspNetCoreGeneratedDocument.Console_Pages_Builds { Model = view, Request = request })
        { AppStatus = status, Tab = "builds" };
    }
}

/// <summary>Builds.</summary>
/// <param name="App">The app.</param>
/// <param name="Builds">Newest first.</param>
/// <param name="More">How many to list for more of them; null: these are all, or as many as the page lists.</param>
internal sealed record BuildsView(App App, IReadOnlyList<Build> Builds, int? More)
{
    public static Cell StatusOf(Build build) => new(StatusText.Code(build.Status), build.Status switch
    {
        BuildStatus.Running => TextStyle.Busy,
        BuildStatus.Failed => TextStyle.Bad,
        _ => TextStyle.Good,
    });
}
