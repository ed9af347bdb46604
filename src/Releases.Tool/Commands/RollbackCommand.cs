using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>rollback</c>: copies an older release forward and promotes the copy.</summary>
internal static class RollbackCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.OptionalRelease("Release to roll back to; default: the previously active one");
        var options = new PromoteCommandOptions();
        var id = new Option<bool>("--id") { Description = "Print only the id of the new release" };
        var command = new Command("rollback", "Roll back: promote a copy of an older release") { release, id };
        options.AddTo(command);
        return command
            .Example("dotnet convox rollback", "to the previously active release")
            .Example("dotnet convox rollback v11", "to a certain release")
            .SetHandler(host, async (call, cancel) =>
            {
                var (rack, idOnly) = (await call.OpenRack(cancel), call.Value(id));
                var app = await call.RequireOwnApp(rack, cancel);
                var operations = call.Operations(rack, copy => PrintCopy(call, copy, idOnly));
                ReleaseReference? to = call.Value(release) is { } named ? ReleaseReference.Parse(named) : null;
                var started = await new RollBack(operations).Run(new(app, to, options.Read(call)), cancel);
                await FollowStarted.Run(call, operations, started, options.Detach(call), quiet: idOnly, cancel);
                if (started.App.Active is { } before) call.Say("", Remedy.Do(Operation.RollBack, "Undo it", before.ToString()));
            });
    }

    private static void PrintCopy(Invocation call, Release copy, bool idOnly)
    {
        call.Terminal.Say($"Created {ReleaseLabel.Of(copy)}, a copy of {copy.Content}.");
        if (idOnly) call.Terminal.Out.WriteLine(copy.Id);
    }
}
