using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The apps of the rack, and their live status.</summary>
internal static class AppsPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var apps = new List<LiveStatus>();
        foreach (var app in await request.Store.ListApps(request.Cancel)) apps.Add(await LiveStatus.Read(app, request.Rack, request.Cancel));
        return new Page("Apps", new AspNetCoreGeneratedDocument.Console_Pages_Apps { Model = apps, Request = request });
    }
}
