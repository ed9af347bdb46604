namespace Releases;

/// <summary>
/// Waits, after the rack was started, until every service of the active releases has a process that responds, or until the time limit of a
/// start has passed. An app that is being promoted is left to its promotion.
/// </summary>
public sealed class WaitForServices(OperationContext context)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan NoteAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the services. Fails with <see cref="ProblemCode.Daemon"/> if one doesn't respond.</summary>
    public async Task Run(CancellationToken cancel)
    {
        var (from, noted) = (context.Time.GetTimestamp(), false);
        while (await Unserved(cancel) is { Count: > 0 } unserved)
        {
            var waited = context.Time.GetElapsedTime(from);
            if (waited >= Timeout || unserved.All(s => !s.IsStarting)) throw NotServed(unserved);
            if (!noted && waited >= NoteAfter)
            {
                context.Say($"Waiting for {string.Join(", ", unserved.Select(s => $"{s.Service} of {s.App}"))} to answer.");
                noted = true;
            }

            await Task.Delay(PollInterval, context.Time, cancel);
        }
    }

    private async Task<IReadOnlyList<UnservedService>> Unserved(CancellationToken cancel)
    {
        var found = new List<UnservedService>();
        foreach (var app in await context.Store.ListApps(cancel))
        {
            if (app.Active is not { } id || await context.Store.FindLock(app.Name, cancel) is not null) continue;
            var running = await context.Rack.Running.Services(app.Name, cancel);
            found.AddRange(running.Where(s => s.Healthy == 0 && s.Desired > 0)
                .Select(s => new UnservedService(app.Name, s.Service, s.Problem, IsStarting: true)));
            if (await context.Store.FindRelease(app.Name, id, cancel) is not { } active) continue;
            found.AddRange(active.Services.Keys.Except(running.Select(s => s.Service)).Order()
                .Select(s => new UnservedService(app.Name, s, "it wasn't started", IsStarting: false, id)));
        }

        return found;
    }

    private static ProblemException NotServed(IReadOnlyList<UnservedService> unserved)
    {
        var each = string.Join("; ", unserved.Select(s => $"{s.Service} of {s.App}{(s.Problem is { } why ? $" ({why})" : "")}"));
        var which = unserved.Count == 1 ? "a service that was active doesn't" : $"{unserved.Count} services that were active don't";
        return new Problem(
            ProblemCode.Daemon, $"the rack is running, but {which} answer yet: {each}.",
            unserved[0] is { NotStarted: { } release } first
                ? Remedy.Do(Operation.VerifyRelease, "See why", OperationOption.App, first.App.ToString(), release.ToString())
                    .Or(Remedy.Do(Operation.Restart, "Restart it", OperationOption.App, first.App.ToString()))
                : Remedy.Do(Operation.ShowLogs, "See why", OperationOption.App, unserved[0].App.ToString())).ToException();
    }

    /// <summary>Represents a service without a healthy process; one of a release that wasn't started has no logs of it.</summary>
    private sealed record UnservedService(
        AppName App, ServiceName Service, string? Problem, bool IsStarting, ReleaseId? NotStarted = null);
}
