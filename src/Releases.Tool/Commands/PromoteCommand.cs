using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>promote</c>: rolls a release out.</summary>
internal static class PromoteCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.OptionalRelease("Its id (ROCHMCOUESG) or number (v12); else the latest");
        var options = new PromoteCommandOptions();
        var id = new Option<bool>("--id") { Description = "Print only the id of the promotion" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would change, and do nothing" };
        var command = new Command("promote", "Roll a release out; what runs is replaced only by what proves healthy") { release, id, dryRun };
        options.AddTo(command);
        return command
            .Example("dotnet convox promote", "roll the latest release out")
            .Example("dotnet convox promote RHUWOVXKTQZ", "roll a certain one out")
            .Example("dotnet convox promote v12 --dry-run", "what that would change")
            .Example("dotnet convox promote RHUWOVXKTQZ --expect-active v11 --wait-lock 10m", "from a pipeline")
            .SetHandler(host, (call, cancel) => Promote(call, call.Value(release), options.Of(call), call.Value(id), call.Value(dryRun), cancel));
    }

    private static async Task<int> Promote(Invocation call, string? named, PromoteOptions options, bool idOnly, bool dryRun, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var release = await rack.Store.RequireReleaseOrLatest(app, named, cancel);
        if (dryRun) return await DryRun.Print(call, rack, app, release, options, cancel);
        var promotion = await Begin.Promotion(call, rack, app, release, options, cancel);
        if (idOnly) call.Terminal.Out.WriteLine(promotion);
        await FollowBegun.Run(call, rack, app, promotion, options, quiet: idOnly, cancel);
        return ExitCode.Success;
    }
}
