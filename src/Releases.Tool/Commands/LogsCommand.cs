using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>logs</c>: what processes print.</summary>
internal static class LogsCommand
{
    public static Command Create(ToolHost host)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what they print from now on" };
        var service = new Option<string[]>("--service", "-s") { HelpName = "service", Description = "Only of this service; may be given several times" };
        var release = new Option<string?>("--release") { HelpName = "release", Description = "Only of processes of this release" };
        var since = CommonOptions.Span("--since", "Only what was printed within this time");
        var tail = new Option<int?>("--tail") { HelpName = "n", Description = "Only the last so many lines" };
        return new Command("logs", "Print what processes print") { follow, service, release, since, tail }
            .Example("dotnet convox logs --follow")
            .Example("dotnet convox logs --service web --since 10m", "of one service")
            .Example("dotnet convox logs --release v12 --tail 100", "why a release failed")
            .SetHandler(host, async (call, cancel) =>
        {
            var rack = await call.OpenToLook(cancel);
            var app = await rack.Store.RequireApp(call.App, cancel);
            var of = call.Value(release) is { } named ? await rack.Store.RequireRelease(app.Name, ReleaseReference.Parse(named), cancel) : null;
            var services = (call.Value(service) ?? []).Select(s => ServiceName.Parse(s)).ToList();
            var known = await rack.Store.RequireServices(app, of, services, cancel);
            var query = new LogQuery(
                app.Name, services, of?.Id, call.Value(since) is { } span ? call.Now - span : null, call.Value(tail), call.Value(follow));
            await call.Terminal.UntilReaderLeaves(reading => Print(call, rack.Running.Logs(query, reading), query, known, app), cancel);
        });
    }

    private static async Task Print(Invocation call, IAsyncEnumerable<LogLine> lines, LogQuery query, IReadOnlyCollection<ServiceName> known, App app)
    {
        if (call.Json) await (query.Follow ? LogOutput.JsonLines(call.Terminal, lines) : LogOutput.Json(call.Terminal, lines));
        else if (!await LogOutput.Text(call.Terminal, lines, known) && query.Tail != 0)
            call.Terminal.Say(Nothing(app, query.Services.Count > 0 || query.Release is not null || query.Since is not null));
    }

    private static string Nothing(App app, bool isPart) => isPart ? $"No line of {app.Name} is of these." : $"{app.Name} has printed nothing yet; see what runs with: dotnet convox ps";
}
