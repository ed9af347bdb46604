using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>builds logs</c>: prints the log of a build.</summary>
internal static class BuildLogsCommand
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    public static Command Create(ToolHost host)
    {
        var id = new Argument<string>("build") { Description = "Id (BBLTITAIGHI)" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Keep printing until the build ends" };
        return new Command("logs", "Print the log of a build") { id, follow }
            .Example("dotnet convox builds logs BBLTITAIGHI")
            .Example("dotnet convox builds logs BBLTITAIGHI -f", "follow a running build")
            .SetHandler(host, async (call, cancel) =>
            {
                var rack = await call.OpenToLook(cancel);
                var build = BuildId.Parse(call.Value(id)!);
                if (call.Value(follow)) await call.Terminal.UntilReaderLeaves(reading => Follow(call, rack, build, reading), cancel);
                else await Print(call, rack, build, cancel);
            });
    }

    /// <summary>Prints the log as it grows: its last part gets longer, and new parts follow.</summary>
    private static async Task Follow(Invocation call, Rack rack, BuildId id, CancellationToken cancel)
    {
        if (call.Json) throw new Problem(ProblemCode.Usage, "--follow and --json can't be combined.", "Leave one of them out.",
            ProblemKind.Usage).ToException();
        for (var (part, printed) = (0, 0); ;)
        {
            var build = await BuildInfoCommand.Require(call, rack, id, cancel);
            foreach (var (at, piece) in (await rack.Store.ReadBuildLog(build.App, build.Id, part, cancel: cancel)).Index())
            {
                if (at > 0) (part, printed) = (part + 1, 0);
                call.Terminal.Out.Write(Shown(call, piece[printed..]));
                printed = piece.Length;
            }

            if (build.Status != BuildStatus.Running)
            {
                call.Terminal.Say($"Build {build.Id} {(build.Status == BuildStatus.Complete ? "is complete" : $"failed: {build.Reason}")}");
                return;
            }

            await Task.Delay(PollInterval, call.Time, cancel);
        }
    }

    private static string Shown(Invocation call, string log) => call.Terminal.OutIsTerminal ? SafeText.WithColors(log) : log;

    private static async Task Print(Invocation call, Rack rack, BuildId id, CancellationToken cancel)
    {
        var build = await BuildInfoCommand.Require(call, rack, id, cancel);
        var log = string.Concat(await rack.Store.ReadBuildLog(build.App, build.Id, cancel: cancel));
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(build.Id.ToString(), StatusText.Code(build.Status), log),
            OutputJson.Indented.BuildLogView);
        else call.Terminal.Out.Write(Shown(call, log));
        if (log.Length == 0) call.Terminal.Say(
            $"Build {build.Id} has no log here: dotnet publish prints it where it runs, and dotnet convox build keeps it.");
        else if (build.Status == BuildStatus.Running)
            call.Say($"Build {build.Id} is still running.", Remedy.Do(Operation.ShowBuildLog, "Follow it", build.Id.ToString(), "-f"));
    }
}
