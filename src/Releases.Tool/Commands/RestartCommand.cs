using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>restart</c>: promotes the active release again, which replaces every process gracefully.</summary>
internal static class RestartCommand
{
    public static Command Create(Surroundings outside)
    {
        var wishes = new WishOptions();
        var command = new Command("restart", "Replace every process by a new one of the active release, as gracefully as a promotion");
        wishes.AddTo(command);
        return command.Does(outside, (call, cancel) => Restart(call, wishes.Of(call), cancel));
    }

    private static async Task Restart(Invocation call, Wishes wishes, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        if (app.Active is not { } active)
            throw new Problem(ProblemCode.Nothing, $"{app.Name} has no active release, so there is nothing to restart.", "Promote one with: dotnet convox promote").ToException();
        var release = await rack.Store.RequireRelease(app.Name, active, cancel);
        await FollowBegun.Run(call, rack, app, await Begin.Promotion(call, rack, app, release, wishes, cancel), wishes, quiet: false, cancel);
    }
}
