namespace Releases.Tool;

/// <summary>Reports services that don't run the active release, and problems that services report themselves.</summary>
internal static class Drift
{
    public static void Print(Invocation call, LiveStatus live)
    {
        var terminal = call.Terminal;
        var app = live.AppStatus.App;
        if (live.Status == "stopped")
            call.Say($"{app.Name} isn't running because the rack is stopped.",
                Remedy.Do(Operation.StartRack, $"Start it with {app.Active}"));
        if (live.AppStatus.Lock is null)
        {
            foreach (var service in live.Services.Where(s => s.Release is { } release && release != app.Active))
                terminal.Say($"{service.Service} runs {service.Release}, but {app.Active?.ToString() ?? "no release"} is active.");
            foreach (var missing in live.Missing)
                terminal.Say($"{missing} isn't running, but it is in the active release {app.Active}.");
        }

        foreach (var service in live.Services.Where(s => s.Problem is not null))
            terminal.Say($"{service.Service}: {service.Problem}");
    }
}
