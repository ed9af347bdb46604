using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases</c>: lists the releases of an app and shows which one is active.</summary>
internal static class ReleasesCommand
{
    private const int DefaultLimit = 10;

    public static Command Create(ToolHost host)
    {
        var limit = CommonOptions.Limit(DefaultLimit);
        var all = new Option<bool>("--all") { Description = "List all releases" };
        var before = new Option<string?>("--before") { HelpName = "release", Description = "List only releases older than this one" };
        var command = new Command("releases", "List releases, newest first; show, compare and copy them")
        {
            limit, all, before,
            ReleaseInfoCommand.Create(host), ReleaseDiffCommand.Create(host), ReleaseManifestCommand.Create(host),
            ReleaseVerifyCommand.Create(host), ReleaseSbomCommand.Create(host),
            ReleaseCopyCommand.Create(host), ReleaseExportCommand.Create(host), ReleaseImportCommand.Create(host),
            PromoteCommand.Create(host), RollbackCommand.Create(host),
            ReleasePruneCommand.Create(host),
        };
        command.ExcludesLimit(all, limit);
        foreach (var pinning in ReleasePinCommands.Create(host)) command.Add(pinning);
        return command
            .Example("dotnet convox releases")
            .Example("dotnet convox releases --limit 20 --before v100", "list older ones")
            .Example("dotnet convox releases --all --json", "list all, for a script")
            .SetHandler(host, (call, cancel) => List(call, call.Value(all) ? int.MaxValue : call.Value(limit), call.Value(before), cancel));
    }

    private static async Task List(Invocation call, int limit, string? before, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var below = before is null
            ? null
            : (long?)(await rack.Store.RequireRelease(app.Name, ReleaseReference.Parse(before), cancel)).Number;
        var releases = await rack.Store.ListReleases(app.Name, limit, below, cancel);
        var appStatus = await AppStatus.Read(app, rack, cancel);

        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. releases.Select(r => ReleaseView.Of(r, appStatus))],
            OutputJson.Indented.IReadOnlyListReleaseView);
        else if (releases.Count == 0) call.Say(
            $"{app.Name} has no releases {(before is null ? "yet" : $"before {before}")}.",
            before is null ? Remedy.Do(Operation.Build, "Make one") : null);
        else Print(call, releases, appStatus);
    }

    private static void Print(Invocation call, IReadOnlyList<Release> releases, AppStatus appStatus)
    {
        var table = new Table("ID", "STATUS", "BUILD", "CREATED", "DESCRIPTION");
        foreach (var release in releases)
            table.Add(
                release.Id.ToString(), appStatus.CellOf(release, call.Now), release.Build?.ToString(),
                RelativeTime.Of(release.CreatedAt, call.Now), release.Description);
        table.Write(call.Terminal, WhereTooWide.Cut);
    }
}
