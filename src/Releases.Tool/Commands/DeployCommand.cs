using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>deploy</c>: <c>build</c>, then <c>promote</c>.</summary>
internal static class DeployCommand
{
    public static Command Create(ToolHost host)
    {
        var options = new BuildOptions();
        var promotion = new PromoteCommandOptions();
        var command = new Command("deploy", "Publish every service of the app, make a release of them, and promote it");
        options.AddTo(command);
        promotion.AddTo(command);
        return command.Example("dotnet convox deploy").Example("dotnet convox deploy --wait-lock 10m --timeout 5m", "from a pipeline").SetHandler(host, (call, cancel) => Deploy(call, options.Of(call), promotion.Of(call), options.IdOnly(call), cancel));
    }

    private static async Task Deploy(Invocation call, BuildAppOptions build, PromoteOptions promotion, bool idOnly, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        // What would be refused after the build is refused before it.
        if (promotion.ExpectActive is not null || await rack.Store.FindApp(call.App, cancel) is { DeletedAt: null })
            await Begin.RequireFree(call, rack, await rack.Store.RequireApp(call.App, cancel), promotion, cancel);
        var release = await BuildOptions.Make(call, rack, build, idOnly, cancel);
        var app = await rack.Store.RequireApp(release.App, cancel);
        var begun = await Begin.PromotionOfNew(call, rack, app, release, promotion, cancel);
        await FollowBegun.Run(call, rack, app, begun, promotion, quiet: idOnly || call.Json, cancel);
    }
}
