using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>restart</c>: promotes the active release again, which replaces every process gracefully.</summary>
internal static class RestartCommand
{
    public static Command Create(ToolHost host)
    {
        var options = new PromoteCommandOptions();
        var id = new Option<bool>("--id") { Description = "Print only the id of the promotion" };
        var command = new Command("restart", "Replace every process by a new one of the active release, as gracefully as a promotion") { id };
        options.AddTo(command);
        return command
            .Example("dotnet convox restart")
            .SetHandler(host, (call, cancel) => Restart(call, options.Of(call), call.Value(id), cancel));
    }

    private static async Task Restart(Invocation call, PromoteOptions options, bool idOnly, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        if (app.Active is not null) app = await Begin.RequireFree(call, rack, app, options, cancel);
        if (app.Active is not { } active)
            throw new Problem(ProblemCode.Nothing, $"{app.Name} has no active release, so there is nothing to restart.", "Promote one with: dotnet convox promote").ToException();
        var release = await rack.Store.RequireRelease(app.Name, active, cancel);
        // What came to be active since is not to be replaced by what was.
        var promotion = await Begin.Promotion(call, rack, app, release, options with { ExpectActive = options.ExpectActive ?? active }, cancel);
        if (idOnly) call.Terminal.Out.WriteLine(promotion);
        await FollowBegun.Run(call, rack, app, promotion, options, quiet: idOnly, cancel);
    }
}
