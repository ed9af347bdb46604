using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Lists the apps of the rack with their live status, active release and last promotion.</summary>
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

/// <summary>Represents a rack and its apps.</summary>
internal sealed record AppsView(RackStatus Rack, IReadOnlyList<AppOverview> Apps);

/// <summary>Represents an overview of an app.</summary>
/// <param name="Live">Its live status.</param>
/// <param name="Last">Its newest promotion, or null if there is none.</param>
internal sealed record AppOverview(LiveStatus Live, Promotion? Last)
{
    /// <summary>Gets the number of releases that are newer than the active one.</summary>
    public long Unpromoted => Live.AppStatus.App.LastNumber - (Live.Active?.Number ?? 0);

    /// <summary>Gets the app's address, or null if it has none.</summary>
    public string? Url => Live.Services.Select(s => s.Url).FirstOrDefault(u => u is not null);
}
