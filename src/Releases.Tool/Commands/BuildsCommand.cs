using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>builds</c>: lists the builds of an app.</summary>
internal static class BuildsCommand
{
    private const int DefaultLimit = 10;

    public static Command Create(ToolHost host)
    {
        var limit = CommonOptions.Limit(DefaultLimit);
        return new Command("builds", "List builds, newest first") { limit, BuildInfoCommand.Create(host), BuildLogsCommand.Create(host) }
            .Example("dotnet convox builds")
            .SetHandler(host, (call, cancel) => List(call, call.Value(limit), cancel));
    }

    private static async Task List(Invocation call, int limit, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        IReadOnlyList<Build> builds = [.. (await rack.Store.ListBuilds(app.Name, limit, cancel)).Select(b => b.AsOf(call.Now))];

        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. builds.Select(BuildView.Of)], OutputJson.Indented.IReadOnlyListBuildView);
        else if (builds.Count == 0) call.Say($"{app.Name} has no builds yet.", Remedy.Do(Operation.Build, "Make one"));
        else Print(call, builds);
    }

    private static void Print(Invocation call, IReadOnlyList<Build> builds)
    {
        var table = new Table("ID", "STATUS", "RELEASE", "STARTED", "ELAPSED", "DESCRIPTION");
        foreach (var build in builds)
            table.Add(
                build.Id.ToString(), Status(build), build.Release?.ToString(), RelativeTime.Of(build.StartedAt, call.Now),
                Duration.Elapsed((build.EndedAt ?? call.Now) - build.StartedAt), build.Description);
        table.Write(call.Terminal, WhereTooWide.Cut);
    }

    public static Cell Status(Build build) => new(StatusText.Code(build.Status), build.Status switch
    {
        BuildStatus.Running => TextStyle.Busy,
        BuildStatus.Failed => TextStyle.Bad,
        _ => TextStyle.Plain,
    });
}
