using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps info</c>: shows an app's record and its live status.</summary>
internal static class AppInfoCommand
{
    public static Command Create(ToolHost host)
    {
        var name = AppArgument.Optional();
        return new Command("info", "Show an app") { name }
            .Example("dotnet convox apps info", "the app of this folder")
            .Example("dotnet convox apps info shop --json")
            .SetHandler(host, (call, cancel) => Show(call, call.Value(name) is { } given ? AppName.Parse(given) : call.App, cancel));
    }

    private static async Task Show(Invocation call, AppName name, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(name, cancel);
        var live = await LiveStatus.Read(app, rack, cancel);

        if (call.Json) OutputJson.Write(call.Terminal.Out, AppView.Of(live), OutputJson.Indented.AppView);
        else await Print(call, rack, app, live);
    }

    private static async Task Print(Invocation call, Rack rack, App app, LiveStatus live)
    {
        var facts = new Table();
        facts.Add("Name", app.Name.ToString());
        facts.Add("Status", live.CellOf(call.Now));
        facts.Add("Active", await ReleaseLabel.Read(rack.Store, app.Name, app.Active));
        facts.Add("Latest", await ReleaseLabel.Read(rack.Store, app.Name, app.Latest));
        if (live.AppStatus.Running is { } running)
            facts.Add(
                "Promoting",
                $"{await ReleaseLabel.Read(rack.Store, app.Name, running.Release)}, {StatusText.Of(running.Status)}, by "
                    + running.StartedBy);
        if (app.Hold is { } hold)
            facts.Add("Locked", new Cell($"{RelativeTime.Of(hold.At, call.Now)} by {hold.By}: {hold.Reason}", TextStyle.Busy));
        facts.Add("Keeps", RetentionText.Of(app.Retention));
        facts.Add("Created", $"{RelativeTime.Of(app.CreatedAt, call.Now)} by {app.CreatedBy}");
        facts.Write(call.Terminal);
        await Drift.Print(call, rack, live);
    }
}
