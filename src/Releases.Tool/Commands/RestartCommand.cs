using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>restart</c>: promotes the active release again, which replaces every process gracefully.</summary>
internal static class RestartCommand
{
    public static Command Create(ToolHost host)
    {
        var options = new PromoteCommandOptions();
        var id = new Option<bool>("--id") { Description = "Print only the id of the promotion" };
        var command = new Command("restart", "Replace every process gracefully") { id };
        options.AddTo(command);
        return command
            .Example("dotnet convox restart")
            .SetHandler(host, async (call, cancel) =>
            {
                var rack = await call.OpenRack(cancel);
                var operations = call.Operations(rack);
                var started = await new Restart(operations).Run(await call.RequireOwnApp(rack, cancel), options.Read(call), cancel);
                if (call.Value(id)) call.Terminal.Out.WriteLine(started.Promotion);
                await FollowStarted.Run(call, operations, started, options.Detach(call), quiet: call.Value(id), cancel);
            });
    }
}
