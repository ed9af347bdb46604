using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps</c>: lists the apps of a rack.</summary>
internal static class AppsCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("apps", "List and manage apps")
        {
            AppCreateCommand.Create(host), AppInfoCommand.Create(host), AppDeleteCommand.Create(host),
            AppTemplateCommand.Create(host), AppRetentionCommand.Create(host),
        };
        foreach (var locking in AppLockCommands.Create(host)) command.Add(locking);
        return command
            .Example("dotnet convox apps")
            .Example("dotnet convox apps --rack aws://eu-west-1/production", "on another rack")
            .SetHandler(host, List);
    }

    private static async Task List(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var apps = new List<LiveStatus>();
        foreach (var app in await rack.Store.ListApps(cancel)) apps.Add(await LiveStatus.Read(app, rack, cancel));

        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. apps.Select(AppView.Of)], OutputJson.Indented.IReadOnlyListAppView);
        else if (apps.Count == 0) call.Say($"{rack.Address} has no apps yet.",
            Remedy.Do(Operation.Deploy, "Create one with the first deploy"));
        else Print(call, apps);
    }

    private static void Print(Invocation call, List<LiveStatus> apps)
    {
        var table = new Table("APP", "STATUS", "RELEASE");
        foreach (var live in apps)
            table.Add(
                live.AppStatus.App.Name.ToString(),
                live.CellOf(call.Now),
                live.AppStatus.App.Active?.ToString());
        table.Write(call.Terminal);
    }
}
