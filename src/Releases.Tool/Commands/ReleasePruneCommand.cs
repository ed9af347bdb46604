using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases prune</c>: removes the artifacts that retention no longer keeps.</summary>
internal static class ReleasePruneCommand
{
    public static Command Create(ToolHost host)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be pruned, and change nothing" };
        return new Command("prune", "Remove the artifacts of old releases now") { dryRun }
            .Example("dotnet convox releases prune --dry-run", "see what would be removed")
            .Example("dotnet convox releases prune", "remove it now, not after the next promotion")
            .SetHandler(host, (call, cancel) => call.Value(dryRun) ? Preview(call, cancel) : Prune(call, cancel));
    }

    private static async Task Preview(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var report = await new PruneReleases(rack.Store, rack.Removal, call.Time).Preview(call.App, cancel);
        Print(call, report, dryRun: true);
        call.Say(
            report.Releases.Count == 0
                ? Nothing(report.App)
                : $"Would prune {Count(report)} and free up to {UnitFormat.Bytes(report.Bytes)}. Dry run: nothing changed.",
            report.Releases.Count == 0 ? null : Remedy.Do(Operation.PruneReleases, "Prune them"));
    }

    private static async Task Prune(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenRack(cancel);
        var app = await call.RequireOwnApp(rack, cancel);
        var report = await new PruneReleases(rack.Store, rack.Removal, call.Time).Run(app.Name, await call.By(rack, cancel), cancel);
        Print(call, report, dryRun: false);
        if (report.Waits)
        {
            var what = report.Releases.Count == 0 ? "nothing was removed" : $"the artifacts of {Count(report)} aren't removed yet";
            call.Say(
                $"A build is running, so {what}.", Remedy.Do(Operation.PruneReleases, "Remove them when it has ended"));
        }
        else call.Terminal.Say(report.Releases.Count == 0
            ? Nothing(report.App)
            : $"Pruned {Count(report)} and freed up to {UnitFormat.Bytes(report.Bytes)}. Their records are kept.");
    }

    private static void Print(Invocation call, PruneReport report, bool dryRun)
    {
        if (call.Json)
        {
            OutputJson.Write(call.Terminal.Out, PruneView.Of(report, dryRun), OutputJson.Indented.PruneView);
            return;
        }

        if (report.Releases.Count == 0) return;
        var table = new Table("ID", "VERSION", "CREATED", "DESCRIPTION");
        foreach (var release in report.Releases)
            table.Add(release.Id.ToString(), $"v{release.Number}", RelativeTime.Of(release.CreatedAt, call.Now), release.Description);
        table.Write(call.Terminal, WhereTooWide.Cut);
    }

    private static string Nothing(App app) => app.Retention is null
        ? $"Retention of {app.Name} is off, so nothing is pruned."
        : $"Nothing to prune: {app.Name} keeps {RetentionText.Of(app.Retention)}. "
            + $"Pinned releases and the last {RetentionPolicy.ProtectedPromotions} that were promoted always keep theirs.";

    private static string Count(PruneReport report) =>
        report.Releases is [var one] ? $"v{one.Number}" : $"{report.Releases.Count} releases";
}
