using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps delete</c>: removes an app and stops what it runs; its name keeps its numbers.</summary>
internal static class AppDeleteCommand
{
    public static Command Create(ToolHost host)
    {
        var name = new Argument<string>("app") { Description = "Its name" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var keepRunning = new Option<bool>("--keep-running") { Description = "On AWS: remove only the records, and leave the services and their environment" };
        return new Command("delete", "Remove an app with its releases, and stop what it runs") { name, yes, keepRunning }
            .Example("dotnet convox apps delete shop", "asks before it acts")
            .Example("dotnet convox apps delete shop --yes", "for scripts")
            .SetHandler(host, (call, cancel) => Delete(call, AppName.Parse(call.Value(name)!), call.Value(yes), call.Value(keepRunning), cancel));
    }

    private static async Task Delete(Invocation call, AppName name, bool sure, bool keepRunning, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await rack.Store.RequireApp(name, cancel);
        var outlives = await rack.OutlivesRecords(name, cancel);
        if (outlives.Count > 0 && !keepRunning)
            throw new Problem(
                ProblemCode.InUse, $"{string.Join(", ", outlives)} of {name} run its releases on ECS, and their tasks read its environment when they start; nothing was changed.",
                "Remove those services first, or say --keep-running to remove only the records.").ToException();
        if (!sure && !await call.Terminal.Confirm($"Delete {name} from {rack.Address}, with its releases (up to v{app.LastNumber}) and its environment{(outlives.Count > 0 ? "" : ", and stop what it runs")}?", cancel))
        {
            call.Terminal.Say($"Nothing was changed; {name} is still there.");
            return;
        }

        if (await rack.Store.FindLock(name, cancel) is { } held) throw held.Busy().ToException();
        if (outlives.Count == 0) await rack.BeforeDeletion(name, cancel);
        await rack.Store.DeleteApp(name, new() { At = call.Now, Kind = EventKind.AppDeleted, By = await call.By(rack, cancel) }, cancel);
        if (outlives.Count == 0) await rack.Forget(name, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(name.ToString(), app.LastNumber), OutputJson.Indented.DeletedAppView);
        else call.Terminal.Out.WriteLine($"Deleted {name}");
        call.Terminal.Say($"An app of that name would go on with v{app.LastNumber + 1}.");
    }
}
