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
    private readonly HashSet<AppName> _due = [];
    private long? _searched;

    /// <summary>The duty.</summary>
    public PeriodicDuty Duty => new("Pruning old releases", Run) { PromotionEnded = _promoted.Enqueue };

    private async Task<TimeSpan> Run(CancellationToken cancel)
    {
        while (_promoted.TryDequeue(out var app)) _due.Add(app);
        var isSearch = _searched is not { } last || time.GetElapsedTime(last) >= BetweenSearches;
        if (isSearch) _due.UnionWith((await store.ListApps(cancel)).Where(RetentionPolicy.MayPrune).Select(a => a.Name));
        if (isSearch) _searched = time.GetTimestamp();

        // An app that can't be pruned stays due and keeps no other one from it.
        ProblemException? failed = null;
        foreach (var app in _due.ToList())
        {
            try
            {
                await Prune(app, cancel);
                _due.Remove(app);
            }
            catch (ProblemException problem)
            {
                failed ??= problem;
            }
        }

        if (failed is not null) throw failed;
        return BetweenSearches - time.GetElapsedTime(_searched!.Value);
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
