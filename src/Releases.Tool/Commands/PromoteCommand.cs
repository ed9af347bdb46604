using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>promote</c>: rolls out a release.</summary>
internal static class PromoteCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.OptionalRelease("Id (ROCHMCOUESG) or number (v12); default: the latest");
        var options = new PromoteCommandOptions();
        var id = new Option<bool>("--id") { Description = "Print only the id of the promotion" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would change, and change nothing" };
        var supersede = new Option<bool>("--supersede") { Description = "Take the place of a deployment in flight (AWS)" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask for confirmation" };
        var command = new Command("promote", "Roll out a release; roll back if it does not become healthy")
            { release, id, dryRun, supersede, yes };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(dryRun) && result.GetValue(id))
                result.AddError("--dry-run and --id can't be combined. Leave one of them out.");
        });
        return command
            .Example("dotnet convox promote", "roll out the latest release")
            .Example("dotnet convox promote RHUWOVXKTQZ", "roll out a certain one")
            .Example("dotnet convox promote v12 --dry-run", "show what would change")
            .Example("dotnet convox promote RHUWOVXKTQZ --expect-active v11 --wait-lock 10m", "in a pipeline")
            .SetHandler(host, async (call, cancel) =>
            {
                var rack = await call.OpenRack(cancel);
                var app = await call.RequireOwnApp(rack, cancel);
                var request = new PromoteRelease(app, call.Value(release) is { } named ? ReleaseReference.Parse(named) : null,
                    options.Read(call));
                if (call.Value(dryRun)) return await Preview(call, rack, request, cancel);
                var operations = call.Operations(rack);
                if (call.Value(supersede))
                {
                    if (await ConfirmSupersede.Ask(call, operations, request, call.Value(yes), cancel) is not { } confirmed)
                        return ExitCode.Failed;
                    request = request with { Options = request.Options with { Supersede = true, Superseded = confirmed } };
                }

                var started = await new StartPromotion(operations).Run(request, cancel);
                if (call.Value(id)) call.Terminal.Out.WriteLine(started.Promotion);
                await FollowStarted.Run(call, operations, started, options.Detach(call), quiet: call.Value(id), cancel);
                return ExitCode.Success;
            });
    }

    /// <summary>Prints the preview and returns the exit code: 1 if the promotion would be refused.</summary>
    private static async Task<int> Preview(Invocation call, Rack rack, PromoteRelease request, CancellationToken cancel)
    {
        var preview = await new PreviewPromotion(call.Operations(rack)).Run(request, cancel);
        await PreviewOutput.Print(call, rack, preview, cancel);
        return preview.Problems.Count == 0 ? ExitCode.Success : ExitCode.Failed;
    }
}
