using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>events</c>: lists the events of an app and who caused them.</summary>
internal static class EventsCommand
{
    private const int DefaultLimit = 10;

    public static Command Create(ToolHost host)
    {
        var limit = CommonOptions.Limit(DefaultLimit);
        return new Command("events", "List events, newest first: who did what") { limit }
            .Example("dotnet convox events")
            .Example("dotnet convox events --limit 1000 --json")
            .SetHandler(host, (call, cancel) => List(call, call.Value(limit), cancel));
    }

    private static async Task List(Invocation call, int limit, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var events = await rack.Store.ListEvents(app.Name, limit, cancel);

        if (call.Json) OutputJson.Write(call.Terminal.Out, [.. events.Select(EventView.Of)], OutputJson.Indented.IReadOnlyListEventView);
        else Print(call, events);
    }

    private static void Print(Invocation call, IReadOnlyList<Event> events)
    {
        var table = new Table("WHEN", "BY", "EVENT", "RELEASE", "DETAIL");
        foreach (var happened in events)
            table.Add(RelativeTime.Of(happened.At, call.Now), happened.By, StatusText.Of(happened.Kind),
                happened.Release?.ToString(), happened.Detail);
        table.Write(call.Terminal, WhereTooWide.Cut);
    }
}
