using System.Collections.Concurrent;

namespace Releases.Local;

/// <summary>Drives all promotions of the rack: those that commands begin, and those that an earlier daemon left open.</summary>
internal sealed class PromotionConductor : IAsyncDisposable
{
    private readonly ConcurrentDictionary<AppName, string> _interrupted = new();
    private readonly PromotionSupervisor _supervisor;
    private readonly LocalEngine _engine;

    public PromotionConductor(
        IReleaseStore store, BeginPromotion begin, PromotionDriver driver, LocalEngine engine, PruneReleases prune,
        Func<Promotion, Task>? sendTrace, DaemonLog log, TimeProvider time)
    {
        // The daemon holds the home's lock, so the earlier driver is gone.
        var options = new SupervisorOptions(DaemonProtocol.Owner(Environment.ProcessId), log.Write)
        {
            SendTrace = () => sendTrace,
            Interrupted = (held, why) =>
            {
                if (why is null) _interrupted.TryRemove(held.App, out _);
                else _interrupted[held.App] = why;
            },
            Released = async (held, ended) =>
            {
                _interrupted.TryRemove(held.App, out _);
                if (ended is not null)
                    log.Write(
                        $"promotion {ended.Id} of {ended.Release} in {ended.App}: "
                            + $"{ended.Status}{(ended.Reason is { } reason ? $", {reason}" : "")}");
                await Scale(held.App, store, engine, log);
                if (ended is { Status: PromotionStatus.Succeeded }) await Prune(prune, ended, log);
                ResidentMemory.Release();
            },
        };
        (_supervisor, _engine) = (new(store, begin, driver, options, time), engine);
    }

    public Task Begin(PromotionRequest request) => _supervisor.Begin(request);

    /// <summary>Returns why driving the app's promotion is interrupted, as a sentence, or null if it isn't.</summary>
    public string? InterruptionOf(AppName app) => _interrupted.GetValueOrDefault(app);

    /// <summary>Takes over the app's open promotion unless it is already driven.</summary>
    public Task EnsureDriven(AppName app, CancellationToken cancel)
    {
        _engine.Pulse(app);
        return _supervisor.EnsureDriven(app, cancel);
    }

    /// <summary>Stops driving promotions; open ones are left to a successor.</summary>
    public Task Stop() => _supervisor.Stop();

    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();

    /// <summary>Applies counts that changed during the promotion. An unreadable app doesn't keep the daemon from stopping.</summary>
    private static async Task Scale(AppName app, IReleaseStore store, LocalEngine engine, DaemonLog log)
    {
        try
        {
            if (await store.FindApp(app) is { DeletedAt: null } now) engine.Scale(now);
        }
        catch (ProblemException unreadable)
        {
            log.Write($"{app}: its services can't be scaled: {unreadable.Problems[0].Message}");
        }
    }

    /// <summary>Prunes old releases. What can't be removed now is removed after the next promotion.</summary>
    private static async Task Prune(PruneReleases prune, Promotion ended, DaemonLog log)
    {
        try
        {
            var report = await prune.Run(ended.App, ended.StartedBy);
            if (report.Releases.Count > 0)
                log.Write($"{ended.App}: pruned {Quantity.Text(report.Releases.Count, "release")} up to v{report.Releases[^1].Number}");
        }
        catch (Exception refused) when (refused is ProblemException or IOException or UnauthorizedAccessException)
        {
            log.Write($"{ended.App}: old releases weren't pruned: {refused.Message}");
        }
    }
}
