using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The apps of the rack, and what runs.</summary>
internal static class AppsPage
{
    public static async Task<IResult> Show(Visit visit)
    {
        var apps = new List<Reality>();
        foreach (var app in await visit.Store.ListApps(visit.Cancel)) apps.Add(await Reality.Of(app, visit.Rack, visit.Cancel));
        return new Page("Apps", new AspNetCoreGeneratedDocument.Console_Pages_Apps { Model = apps, Visit = visit });
    }
}
