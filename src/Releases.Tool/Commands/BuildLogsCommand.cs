using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>builds logs</c>: what a build printed.</summary>
internal static class BuildLogsCommand
{
    public static Command Create(Surroundings outside)
    {
        var id = new Argument<string>("build") { Description = "Its id (BBLTITAIGHI)" };
        return new Command("logs", "Print what a build printed") { id }.Example("dotnet convox builds logs BBLTITAIGHI").Does(outside, (call, cancel) => Print(call, BuildId.Parse(call.Value(id)!), cancel));
    }

    private static async Task Print(Invocation call, BuildId id, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var build = await BuildInfoCommand.Require(call, rack, id, cancel);
        var log = await rack.Store.ReadBuildLog(build.App, build.Id, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(build.Id.ToString(), Words.Code(build.Status), log), OutputJson.Indented.BuildLogView);
        else call.Terminal.Out.Write(log);
        if (log.Length == 0) call.Terminal.Say(
            $"No log of {build.Id} is kept: that of a dotnet publish is where it ran; dotnet convox build keeps its own.");
        else if (build.Status == BuildStatus.Running) call.Terminal.Say($"{build.Id} is still running.");
    }
}
