namespace Releases.Tool;

/// <summary>Reports where the running services differ from the record, and what the services themselves report.</summary>
internal static class Differences
{
    public static void Tell(ITerminal terminal, LiveStatus live)
    {
        var app = live.AppStatus.App;
        if (live.Status == "stopped")
            terminal.Say($"Nothing of {app.Name} runs because the rack is stopped; {app.Active} comes back with: dotnet convox rack start");
        if (live.AppStatus.Lock is null)
        {
            foreach (var service in live.Services.Where(s => s.Release is { } release && release != app.Active))
                terminal.Say($"{service.Service} runs {service.Release}, and {app.Active?.ToString() ?? "no release"} is active.");
            foreach (var missing in live.Missing)
                terminal.Say($"{missing} is in {app.Active}, which is active, and does not run.");
        }

        foreach (var service in live.Services.Where(s => s.Problem is not null))
            terminal.Say($"{service.Service}: {service.Problem}");
    }
}
