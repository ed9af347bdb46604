using System.Collections.Concurrent;

namespace Releases;

/// <summary>
/// Prunes an app after each of its promotions in this process, and every app of the rack once a day, because releases also age without
/// promotions.
/// </summary>
/// <param name="store">The store of the records.</param>
/// <param name="prune">Prunes one app.</param>
/// <param name="by">The actor for the events.</param>
/// <param name="report">Receives a line when releases were pruned.</param>
/// <param name="time">The clock.</param>
public sealed class PruneDuty(IReleaseStore store, PruneReleases prune, string by, Action<string> report, TimeProvider time)
{
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromDays(1);

    private readonly ConcurrentQueue<AppName> _promoted = new();
    private long? _searched;

    /// <summary>The duty.</summary>
    public PeriodicDuty Duty => new("Pruning old releases", Run) { PromotionEnded = _promoted.Enqueue };

    private async Task<TimeSpan> Run(CancellationToken cancel)
    {
        for (; _promoted.TryPeek(out var app); _promoted.TryDequeue(out _)) await Prune(app, cancel);
        if (_searched is not { } searched || time.GetElapsedTime(searched) >= BetweenSearches)
        {
            foreach (var app in (await store.ListApps(cancel)).Where(RetentionPolicy.MayPrune)) await Prune(app.Name, cancel);
            _searched = searched = time.GetTimestamp();
        }

        return BetweenSearches - time.GetElapsedTime(searched);
    }

    private async Task Prune(AppName app, CancellationToken cancel)
    {
        try
        {
            var pruned = (await prune.Run(app, by, cancel)).Releases;
            if (pruned is [var one]) report($"{app}: pruned v{one.Number}");
            else if (pruned.Count > 1) report($"{app}: pruned {pruned.Count} releases up to v{pruned[^1].Number}");
        }
        catch (ProblemException busy) when (busy.Is(ProblemCode.Busy) || busy.Is(ProblemCode.NoSuchApp))
        {
            // It is already being promoted again and will be pruned afterwards, or it was deleted.
        }
    }
}
