using System.CommandLine;
using System.Globalization;

namespace Releases.Tool;

/// <summary><c>logs</c>: what processes print.</summary>
internal static class LogsCommand
{
    public static Command Create(Surroundings outside)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what they print from now on" };
        var service = new Option<string[]>("--service", "-s") { HelpName = "service", Description = "Only of this service; may be given several times" };
        var release = new Option<string?>("--release") { HelpName = "release", Description = "Only of processes of this release" };
        var since = CommonOptions.Span("--since", "Only what was printed within this time");
        var tail = new Option<int?>("--tail") { HelpName = "n", Description = "Only the last so many lines" };
        return new Command("logs", "Print what processes print") { follow, service, release, since, tail }.Does(outside, async (call, cancel) =>
        {
            var rack = await call.OpenRack(cancel);
            var app = await rack.Store.RequireApp(call.App, cancel);
            var of = call.Value(release) is { } named ? await rack.Store.RequireRelease(app.Name, ReleaseReference.Parse(named), cancel) : null;
            var services = (call.Value(service) ?? []).Select(s => ServiceName.Parse(s)).ToList();
            if (services.Count > 0) await rack.Store.RequireServices(app, of, services, cancel);
            await Print(call, rack, new(
                app.Name, services, of?.Id,
                call.Value(since) is { } span ? call.Now - span : null, call.Value(tail), call.Value(follow)), cancel);
        });
    }

    private static async Task Print(Invocation call, Rack rack, LogQuery query, CancellationToken cancel)
    {
        if (call.Json && !query.Follow)
        {
            var lines = new List<LogLineView>();
            await foreach (var line in rack.Running.Logs(query, cancel)) lines.Add(LogLineView.Of(line));
            OutputJson.Write(call.Terminal.Out, lines, OutputJson.Indented.IReadOnlyListLogLineView);
            return;
        }

        await foreach (var line in rack.Running.Logs(query, cancel))
            if (call.Json) OutputJson.Write(call.Terminal.Out, LogLineView.Of(line), OutputJson.OneLine.LogLineView);
            else call.Terminal.Out.WriteLine($"{Prefix(line, call.Terminal)} {line.Text}");
    }

    private static string Prefix(LogLine line, ITerminal terminal)
    {
        var prefix = $"{line.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} {line.Process}";
        return terminal is { OutIsTerminal: true, Colour: true } ? Tone.Faint.Paint(prefix) : prefix;
    }
}
