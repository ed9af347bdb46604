using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps delete</c>: removes an app and stops what it runs; its name keeps its numbers.</summary>
internal static class AppDeleteCommand
{
    public static Command Create(Surroundings outside)
    {
        var name = new Argument<string>("app") { Description = "Its name" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        return new Command("delete", "Remove an app with its releases, and stop what it runs") { name, yes }
            .Does(outside, (call, cancel) => Delete(call, AppName.Parse(call.Value(name)!), call.Value(yes), cancel));
    }

    private static async Task Delete(Invocation call, AppName name, bool sure, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await rack.Store.RequireApp(name, cancel);
        if (!sure && !call.Terminal.Confirm($"Delete {name} from {rack.Address}, with its releases (up to v{app.LastNumber}) and its environment, and stop what it runs?"))
        {
            call.Terminal.Say($"Nothing was changed; {name} is still there.");
            return;
        }

        await rack.Store.DeleteApp(name, new() { At = call.Now, Kind = EventKind.AppDeleted, By = call.By }, cancel);
        await rack.Driver.EnsureDriven(name, cancel);
        call.Terminal.Out.WriteLine($"Deleted {name}");
        call.Terminal.Say($"An app of that name would go on with v{app.LastNumber + 1}.");
    }
}
