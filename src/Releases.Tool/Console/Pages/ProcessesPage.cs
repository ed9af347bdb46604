using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>What runs of an app, and what it printed last.</summary>
internal static class ProcessesPage
{
    public static async Task<IResult> Show(Visit visit)
    {
        var app = await visit.App();
        var reality = await Reality.Of(app, visit.Rack, visit.Cancel);
        var processes = await visit.Rack.Running.Processes(app.Name, visit.Cancel);
        var services = LogsView.Services(visit);
        if (services.Count > 0) await visit.Store.RequireServices(app, null, services, visit.Cancel);
        var (asked, lines) = (visit.Now, new List<LogLine>());
        await foreach (var line in visit.Rack.Running.Logs(new(app.Name, services, Tail: LogsView.Most), visit.Cancel)) lines.Add(line);
        var view = new ProcessesView(reality, processes, new(lines, services, asked));
        return new Page($"Processes of {app.Name}", new AspNetCoreGeneratedDocument.Console_Pages_Processes { Model = view, Visit = visit }) { Standing = reality.Standing, Tab = "processes", Logs = view.Logs };
    }
}

/// <summary>What runs of an app, beside its record.</summary>
internal sealed record ProcessesView(Reality Reality, IReadOnlyList<RunningProcess> Processes, LogsView Logs)
{
    /// <summary>What runs of a service beside the release that its counts are of.</summary>
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
    public const int Most = 200;

    /// <summary>Which services the address names.</summary>
    public static IReadOnlyList<ServiceName> Services(Visit visit) => visit.Query("service") is { } service ? [ServiceName.Parse(service)] : [];

    /// <summary>When a line was printed.</summary>
    public static string Clock(LogLine line) => line.At.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>Where the lines after these come from.</summary>
    public string Continued => $"&log={LogPosition.After(Lines, Asked)}{(Of is [var service] ? $"&service={service}" : "")}";
}
