using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps lock</c> and <c>apps unlock</c>: keep an app from being promoted, for as long as there is a reason.</summary>
internal static class AppLockCommands
{
    public static IEnumerable<Command> Create(ToolHost host)
    {
        var reason = new Option<string>("--reason", "-m") { HelpName = "text", Required = true, Description = "Why, for whoever meets it" };
        yield return new Command("lock", "Refuse every promotion of the app until it is unlocked") { reason }
            .Example("dotnet convox apps lock --reason \"database migration until 15:00\"")
            .SetHandler(host, (call, cancel) => Lock(call, call.Value(reason)!, cancel));
        yield return new Command("unlock", "Let the app be promoted again").Example("dotnet convox apps unlock").SetHandler(host, Unlock);
    }

    private static async Task Lock(Invocation call, string reason, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var by = await call.By(rack, cancel);
        var why = string.Concat(reason.Where(c => !char.IsControl(c))).Trim();
        if (why.Length == 0) throw new Problem(ProblemCode.Usage, "The reason is empty; nothing was changed.", "Say for example: --reason \"database migration until 15:00\"", ProblemKind.Usage).ToException();
        var app = await call.RequireOwnApp(rack, cancel);
        if (app.Hold is { } before) call.Terminal.Say($"{before.By} had locked it {RelativeTime.Of(before.At, call.Now)}: {before.Reason}; this takes its place.");
        await rack.Store.ChangeApp(app.Name, a => a with { Hold = new(by, call.Now, why) }, new() { At = call.Now, Kind = EventKind.AppLocked, By = by, Detail = why }, cancel);
        call.Terminal.Say($"{app.Name} is locked: no release of it is promoted until: dotnet convox apps unlock");
    }

    private static async Task Unlock(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        if (app.Hold is not { } hold)
        {
            call.Terminal.Say($"{app.Name} is not locked.");
            return;
        }

        await rack.Store.ChangeApp(app.Name, a => a with { Hold = null }, new() { At = call.Now, Kind = EventKind.AppUnlocked, By = await call.By(rack, cancel), Detail = hold.Reason }, cancel);
        call.Terminal.Say($"{app.Name} is unlocked; {hold.By} had locked it {RelativeTime.Of(hold.At, call.Now)}: {hold.Reason}");
    }
}
