using System.Collections.Concurrent;

namespace Releases.Local;

/// <summary>Sees every promotion of the rack through: begins what is asked for, takes over what an earlier daemon left open.</summary>
internal sealed class PromotionConductor(IReleaseStore store, BeginPromotion begin, PromotionDriver driver, LocalEngine engine, DaemonLog log, TimeProvider time)
    : IDisposable
{
    private readonly RetryingDriver _driver = new(driver, log.Write, time);
    private readonly ConcurrentDictionary<PromotionId, Task> _driven = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _owner = $"daemon {Environment.ProcessId} on {Environment.MachineName}";

    public async Task Begin(PromotionRequest request, CancellationToken cancel)
    {
        if (await begin.Run(request, _owner, cancel) is { } held) Drive(held);
    }

    /// <summary>Takes the app's open promotion over unless it is driven already.</summary>
    public async Task EnsureDriven(AppName app, CancellationToken cancel)
    {
        engine.Pulse(app);
        if (await store.FindLock(app, cancel) is not { } seen || _driven.ContainsKey(seen.Promotion)) return;
        var what = new Event
        {
            At = time.GetUtcNow(),
            Kind = EventKind.PromotionTakenOver,
            By = _owner,
            Promotion = seen.Promotion,
            Release = seen.Release,
        };
        if (await store.TakeOver(seen, _owner, what, cancel) is { } held) Drive(held);
    }

    /// <summary>Stops driving; what is open stays open for a successor.</summary>
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_driven.Values);
    }

    public void Dispose() => _stop.Dispose();

    private void Drive(PromotionLock held) =>
        _driven.GetOrAdd(held.Promotion, id => Task.Run(async () =>
        {
            if (await _driver.Run(held, _stop.Token) is { } ended)
                log.Write($"promotion {ended.Id} of {ended.Release} in {ended.App}: {ended.Status}{(ended.Reason is { } reason ? $", {reason}" : "")}");
            if (await store.FindApp(held.App) is { DeletedAt: null } now) engine.Scale(now);
            _driven.TryRemove(id, out _);
            if (_driven.IsEmpty) GiveMemoryBack();
        }));

    /// <summary>The daemon idles between promotions, beside the apps that it runs; the collector alone would keep what a promotion took.</summary>
    private static void GiveMemoryBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
