using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The apps of the rack: their live status, what is active, and who promoted what last.</summary>
internal static class AppsPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var apps = new List<AppOverview>();
        foreach (var app in await request.Store.ListApps(request.Cancel)) apps.Add(await Read(request, app));
        var view = new AppsView(await request.Rack.Status(request.Cancel), apps);
        return new Page("Apps", new AspNetCoreGeneratedDocument.Console_Pages_Apps { Model = view, Request = request });
    }

    private static async Task<AppOverview> Read(PageRequest request, App app)
    {
        var live = await LiveStatus.Read(app, request.Rack, request.Cancel);
        var last = live.AppStatus.Running
            ?? (await request.Store.ListPromotions(app.Name, 1, cancel: request.Cancel) is [var newest] ? newest : null);
        return new(live, last);
    }
}

/// <summary>A rack and its apps.</summary>
internal sealed record AppsView(RackStatus Rack, IReadOnlyList<AppOverview> Apps);

/// <summary>An app at a glance.</summary>
/// <param name="Live">Its live status.</param>
/// <param name="Last">Its newest promotion; null: it has none.</param>
internal sealed record AppOverview(LiveStatus Live, Promotion? Last)
{
    /// <summary>How many releases are newer than the active one.</summary>
    public long Unpromoted => Live.AppStatus.App.LastNumber - (Live.Active?.Number ?? 0);

    /// <summary>Where it answers; null: nowhere.</summary>
    public string? Url => Live.Services.Select(s => s.Url).FirstOrDefault(u => u is not null);
}
