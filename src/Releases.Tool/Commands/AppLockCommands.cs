using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>apps lock</c> and <c>apps unlock</c>: block promotions of an app, with a reason, until it is unlocked.</summary>
internal static class AppLockCommands
{
    public static IEnumerable<Command> Create(ToolHost host)
    {
        var reason = new Option<string>("--reason", "-m") { HelpName = "text", Required = true, Description = "Reason that others see" };
        yield return new Command("lock", "Lock an app: refuse promotions until it is unlocked") { reason }
            .Example("dotnet convox apps lock --reason \"database migration until 15:00\"")
            .SetHandler(host, (call, cancel) => Lock(call, call.Value(reason)!, cancel));
        yield return new Command("unlock", "Unlock an app").Example("dotnet convox apps unlock").SetHandler(host, Unlock);
    }

    private static async Task Lock(Invocation call, string reason, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        LockApp.RequireReason(reason);
        var app = await call.RequireOwnApp(rack, cancel);
        if (await new LockApp(call.Operations(rack)).Lock(app, reason, cancel) is { } before)
            call.Terminal.Say(
                $"This replaces the lock by {before.By}, {RelativeTime.InSentence(before.At, call.Now)}: \"{before.Reason}\".");
        call.Say($"{app.Name} is locked: no release of it can be promoted.", Remedy.Do(Operation.UnlockApp, "Unlock it"));
    }

    private static async Task Unlock(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        call.Terminal.Say(await new LockApp(call.Operations(rack)).Unlock(app, cancel) is { } hold
            ? $"{app.Name} is unlocked. {hold.By} had locked it {RelativeTime.InSentence(hold.At, call.Now)}: \"{hold.Reason}\"."
            : $"{app.Name} is not locked.");
    }
}
