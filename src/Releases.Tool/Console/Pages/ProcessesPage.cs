using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>The processes of an app, and what they printed last.</summary>
internal static class ProcessesPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var live = await LiveStatus.Read(app, request.Rack, request.Cancel);
        var processes = await request.Rack.Running.Processes(app.Name, request.Cancel);
        var services = LogsView.Services(request);
        if (services.Count > 0) await request.Store.RequireServices(app, null, services, request.Cancel);
        var (asked, lines) = (request.Now, new List<LogLine>());
        await foreach (var line in request.Rack.Running.Logs(new(app.Name, services, Tail: LogsView.MaxLines), request.Cancel)) lines.Add(line);
        var view = new ProcessesView(live, processes, new(lines, services, asked));
        return new Page($"Processes of {app.Name}", new AspNetCoreGeneratedDocument.Console_Pages_Processes { Model = view, Request = request }) { AppStatus = live.AppStatus, Tab = "processes", Logs = view.Logs };
    }
}

/// <summary>The live status of an app, next to its record.</summary>
internal sealed record ProcessesView(LiveStatus LiveStatus, IReadOnlyList<RunningProcess> Processes, LogsView Logs)
{
    /// <summary>The live status of a service, next to the release that its counts are from.</summary>
    public IReadOnlyList<(string Release, int Count)> Others(RunningService service) =>
    [
        .. Processes.Where(p => p.Service == service.Service && p.Release != service.Release)
            .GroupBy(p => p.Release).Select(p => (p.Key?.ToString() ?? "no release", p.Count())),
    ];
}

/// <summary>What was printed last.</summary>
/// <param name="Lines">In the order of time.</param>
/// <param name="Of">Of which services; empty: of all.</param>
/// <param name="Asked">When they were asked for.</param>
internal sealed record LogsView(IReadOnlyList<LogLine> Lines, IReadOnlyList<ServiceName> Of, DateTimeOffset Asked)
{
    /// <summary>How many lines a page has at first.</summary>
    public const int MaxLines = 200;

    /// <summary>Which services the address names.</summary>
    public static IReadOnlyList<ServiceName> Services(PageRequest request) => request.Query("service") is { } service ? [ServiceName.Parse(service)] : [];

    /// <summary>When a line was printed.</summary>
    public static string Clock(LogLine line) => line.At.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>Where the lines after these come from.</summary>
    public string Continued => $"&log={LogPosition.After(Lines, Asked)}{(Of is [var service] ? $"&service={service}" : "")}";
}
