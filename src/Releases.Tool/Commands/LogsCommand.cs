using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>logs</c>: prints the logs of an app's services.</summary>
internal static class LogsCommand
{
    public static Command Create(ToolHost host)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Keep printing new lines" };
        var service = new Option<string[]>("--service", "-s") { HelpName = "service", Description = "Only this service; can be repeated" };
        var release = new Option<string?>("--release") { HelpName = "release", Description = "Only processes of this release" };
        var since = CommonOptions.Span("--since", "Only lines from this period (AWS default: 1h)");
        var tail = CommonOptions.Number("--tail", "Only the last n lines", atLeast: 0);
        return new Command("logs", "Print the logs of the services") { follow, service, release, since, tail }
            .Example("dotnet convox logs --follow")
            .Example("dotnet convox logs --service web --since 10m", "only one service")
            .Example("dotnet convox logs --release v12 --tail 100", "see why a release failed")
            .SetHandler(host, async (call, cancel) =>
        {
            var rack = await call.OpenToLook(cancel);
            var app = await rack.Store.RequireApp(call.App, cancel);
            var of = call.Value(release) is { } named
                ? await rack.Store.RequireRelease(app.Name, ReleaseReference.Parse(named), cancel)
                : null;
            var services = (call.Value(service) ?? []).Select(s => ServiceName.Parse(s)).ToList();
            var known = await rack.Store.RequireServices(app, of, services, cancel);
            var query = new LogQuery(
                app.Name, services, of?.Id, call.Value(since) is { } span ? call.Now - span : null, call.Value(tail), call.Value(follow));
            // A follower would wait for new lines and not say why.
            if (query.Follow) StoppedRack.Say(call, rack, app);
            await call.Terminal.UntilReaderLeaves(reading => Print(call, rack, query, known, (app, of), reading), cancel);
        });
    }

    private static async Task Print(Invocation call, Rack rack, LogQuery query, IReadOnlyCollection<ServiceName> known,
        (App App, Release? Release) of, CancellationToken cancel)
    {
        var lines = rack.Running.Logs(query, cancel);
        if (call.Json) await (query.Follow ? LogOutput.JsonLines(call.Terminal, lines) : LogOutput.Json(call.Terminal, lines));
        else if (!await LogOutput.Text(call.Terminal, lines, known) && query.Tail != 0)
            SayNothing(call, rack, of.App, of.Release, query);
    }

    private static void SayNothing(Invocation call, Rack rack, App app, Release? release, LogQuery query)
    {
        var isFiltered = query.Services.Count > 0 || query.Release is not null || query.Since is not null;
        if (rack.Running.LogPeriod is { } period && (release is not null || query.Since is null))
            SayNothing(call, app, release, query.Services, period);
        else if (isFiltered) call.Terminal.Say($"No lines of {app.Name} match.");
        else if (query.Follow || !StoppedRack.Say(call, rack, app))
            call.Say($"{app.Name} hasn't printed anything yet.", Remedy.Do(Operation.ListProcesses, "See its processes"));
    }

    private static void SayNothing(
        Invocation call, App app, Release? release, IReadOnlyList<ServiceName> services, TimeSpan period)
    {
        var length = period == TimeSpan.FromHours(1) ? "hour" : Duration.Text(period);
        string[] further = [.. services.SelectMany(s => (string[])[OperationOption.Service, $"{s}"]), OperationOption.Since, "24h"];
        if (release is null)
            call.Say($"No lines of {app.Name} in the last {length}.", Remedy.Do(Operation.ShowLogs, "Look further back", further));
        else
            call.Say(
                $"No lines of {release.Label} found. Which release a process ran is known only if it ran in about the last {length}.",
                Remedy.Do(Operation.ShowLogs, "Show the lines of every release", further));
    }
}
