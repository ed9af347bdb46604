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
        var service = new Option<string?>("--service", "-s")
        { HelpName = "service", Description = "Roll back only this service; the others stay" };
        var force = new Option<bool>("--force") { Description = "Roll back further than the active release allows" };
        var command = new Command("rollback", "Roll back: promote a copy of an older release") { release, id, service, force };
        options.AddTo(command);
        return command
            .Example("dotnet convox rollback", "to the previously active release")
            .Example("dotnet convox rollback v11", "to a certain release")
            .Example("dotnet convox rollback --service web", "one service alone, to what it ran before")
            .SetHandler(host, async (call, cancel) =>
            {
                var (rack, idOnly) = (await call.OpenRack(cancel), call.Value(id));
                var app = await call.RequireOwnApp(rack, cancel);
                var operations = call.Operations(rack, made => PrintCopy(call, made, idOnly));
                ReleaseReference? to = call.Value(release) is { } named ? ReleaseReference.Parse(named) : null;
                var request = new RollBackApp(app, to, options.Read(call))
                {
                    Service = call.Value(service) is { } one ? ServiceName.Parse(one) : null,
                    Force = call.Value(force),
                };
                var started = await new RollBack(operations).Run(request, cancel);
                await FollowStarted.Run(call, operations, started, options.Detach(call), quiet: idOnly, cancel);
                if (started.Previous is { } before) call.Say("", Remedy.Do(Operation.RollBack, "Undo it", before.ToString()));
            });
    }

    private static void PrintCopy(Invocation call, OperationNote.ReleaseCreated made, bool idOnly)
    {
        var (copy, label) = (made.Release, made.Release.Label);
        var content = copy.Restores.Count > 0
            ? string.Join(", ", copy.Restores.Keys.Select(s => $"the active release with {s} of {made.Restored!.Label}"))
            : $"a copy of {made.Restored!.Label}";
        call.Terminal.Say($"Created {label}, {content}.");
        if (idOnly) call.Terminal.Out.WriteLine(copy.Id);
    }
}
