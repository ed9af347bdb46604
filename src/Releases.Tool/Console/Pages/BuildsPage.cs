using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Lists the builds of an app, newest first.</summary>
internal static class BuildsPage
{
    private const int PageSize = 25;
    private const int MaxListed = 400;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var limit = request.Number("limit") is { } asked ? Math.Clamp(asked, PageSize, MaxListed) : PageSize;
        var builds = await request.Store.ListBuilds(app.Name, limit + 1, request.Cancel);
        int? more = builds.Count > limit && limit < MaxListed ? Math.Min(limit * 2, MaxListed) : null;
        var view = new BuildsView(app, [.. builds.Take(limit).Select(b => b.AsOf(request.Now))], more);
        var list = new AspNetCoreGeneratedDocument.Console_Pages_Builds { Model = view, Request = request };
        return await request.List("Builds", "builds", app, view.Builds.Select(b => b.Release), list);
    }
}

/// <summary>Represents a list of builds.</summary>
/// <param name="App">The app.</param>
/// <param name="Builds">The builds, newest first.</param>
/// <param name="More">The limit with which to list more of them, or null if there are no more or the page lists as many as it can.</param>
internal sealed record BuildsView(App App, IReadOnlyList<Build> Builds, int? More)
{
    public static Cell StatusOf(Build build) => new(StatusText.Code(build.Status), build.Status switch
    {
        BuildStatus.Running => TextStyle.Busy,
        BuildStatus.Failed => TextStyle.Bad,
        _ => TextStyle.Good,
    });
}
