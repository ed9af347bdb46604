using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps</c>: the apps of a rack.</summary>
internal static class AppsCommand
{
    public static Command Create(Surroundings outside)
    {
        var command = new Command("apps", "List the apps of the rack; make, show, lock and delete them")
        {
            AppCreateCommand.Create(outside), AppInfoCommand.Create(outside), AppDeleteCommand.Create(outside),
        };
        foreach (var locking in AppLockCommands.Create(outside)) command.Add(locking);
        return command
            .Example("dotnet convox apps")
            .Example("dotnet convox apps --rack aws://eu-west-1/production", "those of another rack")
            .Does(outside, List);
    }

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var apps = new List<Reality>();
        foreach (var app in await rack.Store.ListApps(cancel)) apps.Add(await Reality.Of(app, rack, cancel));

        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. apps.Select(AppView.Of)], OutputJson.Indented.IReadOnlyListAppView);
        else if (apps.Count == 0) call.Terminal.Say($"{rack.Address} has no apps yet; the first deploy makes one: dotnet convox deploy");
        else Print(call, apps);
    }

    private static void Print(Invocation call, List<Reality> apps)
    {
        var table = new Table("APP", "STATUS", "RELEASE");
        foreach (var reality in apps)
            table.Add(
                reality.Standing.App.Name.ToString(), new Cell(reality.Status + reality.Standing.Gone(call.Now), Reality.ToneOf(reality.Status)),
                reality.Standing.App.Active?.ToString());
        table.Write(call.Terminal);
    }
}
