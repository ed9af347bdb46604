namespace Releases.Tool;

/// <summary>Reports services that don't run the active release, and problems that services report themselves.</summary>
internal static class Drift
{
    public static async Task Print(Invocation call, Rack rack, LiveStatus live)
    {
        var terminal = call.Terminal;
        var app = live.AppStatus.App;
        if (live.IsStopped)
            StoppedRack.Say(call, $"{app.Name} isn't running because the rack is stopped.");
        if (live.AppStatus.Lock is null)
        {
            var active = app.Active is { } id ? await ReleaseLabel.Read(rack.Store, app.Name, id) : "no release";
            foreach (var service in live.Services)
                if (service.Release is { } release && release != app.Active)
                    terminal.Say(
                        $"{service.Service} is running {await ReleaseLabel.Read(rack.Store, app.Name, release)}, but {active} is active.");
            if (live is { Services: [], State: AppState.Drifted } && app.Active is { } lost)
                call.Say(
                    $"{app.Name} isn't running although the rack is: {active}, the active release, wasn't started.",
                    Remedy.Do(Operation.VerifyRelease, "See why", lost.ToString())
                        .Or(Remedy.Do(Operation.Restart, "Restart it")));
            else foreach (var missing in live.Missing) terminal.Say($"{missing} isn't running, but it is in {active}, the active release.");
        }

        foreach (var service in live.Services.Where(s => s.Problem is not null))
            terminal.Say($"{service.Service}: {service.Problem}");
    }
}
