using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps delete</c>: deletes an app and stops its processes; a new app of that name continues its version numbers.</summary>
internal static class AppDeleteCommand
{
    public static Command Create(ToolHost host)
    {
        var name = AppArgument.Required();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask for confirmation" };
        var keepRunning = new Option<bool>("--keep-running") { Description = "On AWS: delete only the records, keep the services" };
        return new Command("delete", "Delete an app with its releases, and stop its processes") { name, yes, keepRunning }
            .Example("dotnet convox apps delete shop", "asks for confirmation")
            .Example("dotnet convox apps delete shop --yes", "in a script")
            .SetHandler(host, (call, cancel) =>
                Delete(call, AppName.Parse(call.Value(name)!), call.Value(yes), call.Value(keepRunning), cancel));
    }

    private static async Task<int> Delete(Invocation call, AppName name, bool sure, bool keepRunning, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var delete = new DeleteApp(call.Operations(rack));
        var deletion = await delete.Prepare(name, keepRunning, cancel);
        var (app, stops) = (deletion.App, deletion.Outlives.Count == 0);
        if (!sure && !await call.Terminal.Confirm(
            $"Delete {name} from {rack.Address}, with its releases (up to v{app.LastNumber}) and its "
                + $"environment{(stops ? ", and stop its processes" : "")}?", cancel))
        {
            call.Terminal.Say($"Nothing changed; {name} is still there.");
            return ExitCode.Failed;
        }

        await delete.Run(deletion, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(name.ToString(), app.LastNumber), OutputJson.Indented.DeletedAppView);
        else call.Terminal.Out.WriteLine($"Deleted {name}");
        call.Terminal.Say($"A new app of that name would begin with v{app.LastNumber + 1}.");
        return ExitCode.Success;
    }
}
