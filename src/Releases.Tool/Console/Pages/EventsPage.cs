using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows the events of an app, filtered by person and kind.</summary>
internal static class EventsPage
{
    /// <summary>The number of newest events to read and search, in one range query.</summary>
    public const int EventsRead = 1000;

    private const int PageSize = 50;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var events = await request.Store.ListEvents(app.Name, EventsRead, request.Cancel);
        var (by, kind) = (request.Query("by"), Enum.TryParse<EventKind>(request.Query("kind"), ignoreCase: true, out var named)
            && Enum.IsDefined(named) ? named : (EventKind?)null);
        var skip = Math.Min(request.Number("skip") ?? 0, EventsRead);
        var found = events.Where(e => (by is null || e.By == by) && (kind is null || e.Kind == kind)).ToList();
        IReadOnlyList<Event> shown = [.. found.Skip(skip).Take(PageSize)];
        var view = new EventsView(
            app, shown, by, kind, [.. events.Select(e => e.By).Distinct().Order(StringComparer.OrdinalIgnoreCase)],
            [.. events.Select(e => e.Kind).Distinct().Order()],
            skip > 0 ? Math.Max(0, skip - PageSize) : null, found.Count > skip + PageSize ? skip + PageSize : null,
            events.Count == EventsRead);
        var list = new AspNetCoreGeneratedDocument.Console_Pages_Events { Model = view, Request = request };
        return await request.List("Events", "events", app, shown.Select(e => e.Release), list);
    }
}

/// <summary>Represents a page of events.</summary>
/// <param name="App">The app.</param>
/// <param name="Events">The events, newest first.</param>
/// <param name="By">The person to show, or null for everyone.</param>
/// <param name="Kind">The kind to show, or null for all kinds.</param>
/// <param name="People">The people to choose from.</param>
/// <param name="Kinds">The kinds to choose from.</param>
/// <param name="Newer">The number of events to skip for the previous page, or null on the first page.</param>
/// <param name="Older">The number of events to skip for the next page, or null on the last page.</param>
/// <param name="IsCut">Whether there may be events older than those searched.</param>
internal sealed record EventsView(
    App App, IReadOnlyList<Event> Events, string? By, EventKind? Kind, IReadOnlyList<string> People, IReadOnlyList<EventKind> Kinds,
    int? Newer, int? Older, bool IsCut)
{
    public string Address(int skip)
    {
        List<string> query = [];
        if (By is { } by) query.Add($"by={Uri.EscapeDataString(by)}");
        if (Kind is { } kind) query.Add($"kind={kind}");
        if (skip > 0) query.Add(string.Create(CultureInfo.InvariantCulture, $"skip={skip}"));
        return $"/apps/{App.Name}/events{(query.Count == 0 ? "" : "?")}{string.Join('&', query)}";
    }
}
