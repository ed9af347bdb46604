namespace Releases.Tool;

/// <summary>
/// After a start of the rack: waits until every service of the active releases has a process that answers, or for as long as one
/// gets to start, and says which has none then. An app that is being promoted is the promotion's matter.
/// </summary>
internal static class WaitForServices
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <exception cref="ProblemException"><see cref="ProblemCode.Daemon"/>.</exception>
    public static async Task Wait(Invocation call, CancellationToken cancel)
    {
        var rack = await call.OpenToRead(cancel);
        var (from, said) = (call.Time.GetTimestamp(), false);
        while (await Unserved(rack, cancel) is { Count: > 0 } unserved)
        {
            if (call.Time.GetElapsedTime(from) >= Longest || unserved.All(s => !s.MayCome)) throw NotServed(unserved);
            if (!said && call.Time.GetElapsedTime(from) >= Noticed)
            {
                call.Terminal.Say($"Waiting for {string.Join(", ", unserved.Select(s => $"{s.Service} of {s.App}"))} to answer.");
                said = true;
            }

            await Task.Delay(Glance, call.Time, cancel);
        }
    }

    private static async Task<IReadOnlyList<Silent>> Unserved(Rack rack, CancellationToken cancel)
    {
        var found = new List<Silent>();
        foreach (var app in await rack.Store.ListApps(cancel))
        {
            if (app.Active is not { } id || await rack.Store.FindLock(app.Name, cancel) is not null) continue;
            var running = await rack.Running.Services(app.Name, cancel);
            found.AddRange(running.Where(s => s.Healthy == 0 && s.Desired > 0).Select(s => new Silent(app.Name, s.Service, s.Problem, MayCome: true)));
            if (await rack.Store.FindRelease(app.Name, id, cancel) is not { } active) continue;
            found.AddRange(active.Services.Keys.Except(running.Select(s => s.Service)).Order().Select(s => new Silent(app.Name, s, "it was not started; daemon.log of the home says why", MayCome: false)));
        }

        return found;
    }

    private static ProblemException NotServed(IReadOnlyList<Silent> unserved)
    {
        var each = string.Join("; ", unserved.Select(s => $"{s.Service} of {s.App}{(s.Problem is { } why ? $" ({why})" : "")}"));
        return new Problem(
            ProblemCode.Daemon, $"The rack runs, but {(unserved.Count == 1 ? "a service that was active does" : $"{unserved.Count} services that were active do")} not answer yet: {each}.",
            $"See why with: dotnet convox logs -a {unserved[0].App}").ToException();
    }

    private sealed record Silent(AppName App, ServiceName Service, string? Problem, bool MayCome);
}
