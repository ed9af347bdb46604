using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>builds logs</c>: what a build printed.</summary>
internal static class BuildLogsCommand
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public static Command Create(ToolHost host)
    {
        var id = new Argument<string>("build") { Description = "Its id (BBLTITAIGHI)" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Print on until the build has ended" };
        return new Command("logs", "Print what a build printed") { id, follow }
            .Example("dotnet convox builds logs BBLTITAIGHI")
            .Example("dotnet convox builds logs BBLTITAIGHI -f", "of one that runs")
            .SetHandler(host, async (call, cancel) =>
            {
                var rack = await call.OpenToLook(cancel);
                var build = BuildId.Parse(call.Value(id)!);
                if (call.Value(follow)) await call.Terminal.UntilReaderLeaves(reading => Follow(call, rack, build, reading), cancel);
                else await Print(call, rack, build, cancel);
            });
    }

    /// <summary>A log only ever gets longer: its last piece grows, and others follow.</summary>
    private static async Task Follow(Invocation call, Rack rack, BuildId id, CancellationToken cancel)
    {
        if (call.Json) throw new Problem(ProblemCode.Usage, "A log that is followed cannot be one JSON document.", "Leave out --follow or --json.", ProblemKind.Usage).ToException();
        for (var (part, printed) = (0, 0); ;)
        {
            var build = await BuildInfoCommand.Require(call, rack, id, cancel);
            foreach (var (at, piece) in (await rack.Store.ReadBuildLog(build.App, build.Id, part, cancel)).Index())
            {
                if (at > 0) (part, printed) = (part + 1, 0);
                call.Terminal.Out.Write(Shown(call, piece[printed..]));
                printed = piece.Length;
            }

            if (build.Status != BuildStatus.Running)
            {
                call.Terminal.Say($"{build.Id} {(build.Status == BuildStatus.Complete ? "is complete" : $"failed: {build.Reason}")}");
                return;
            }

            await Task.Delay(LookAgain, call.Time, cancel);
        }
    }

    private static string Shown(Invocation call, string log) => call.Terminal.OutIsTerminal ? SafeText.WithColours(log) : log;

    private static async Task Print(Invocation call, Rack rack, BuildId id, CancellationToken cancel)
    {
        var build = await BuildInfoCommand.Require(call, rack, id, cancel);
        var log = string.Concat(await rack.Store.ReadBuildLog(build.App, build.Id, cancel: cancel));
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(build.Id.ToString(), StatusText.Code(build.Status), log), OutputJson.Indented.BuildLogView);
        else call.Terminal.Out.Write(Shown(call, log));
        if (log.Length == 0) call.Terminal.Say(
            $"No log of {build.Id} is kept: that of a dotnet publish is where it ran; dotnet convox build keeps its own.");
        else if (build.Status == BuildStatus.Running) call.Terminal.Say($"{build.Id} is still running; follow it with: dotnet convox builds logs {build.Id} -f");
    }
}
