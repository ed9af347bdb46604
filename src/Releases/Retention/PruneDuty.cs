namespace Releases;

/// <summary>Prunes every app of a rack: after each promotion of this process, and every hour, as releases grow old by themselves.</summary>
/// <param name="store">The records.</param>
/// <param name="prune">Prunes one app.</param>
/// <param name="by">Who does it, for the events.</param>
/// <param name="report">Takes a line for what was pruned.</param>
public sealed class PruneDuty(IReleaseStore store, PruneReleases prune, string by, Action<string> report)
{
    private static readonly TimeSpan Pace = TimeSpan.FromHours(1);

    /// <summary>The duty.</summary>
    public PeriodicDuty Duty => new("Pruning old releases", Run) { AfterPromotions = true };

    private async Task<TimeSpan> Run(CancellationToken cancel)
    {
        foreach (var app in await store.ListApps(cancel))
        {
            try
            {
                var pruned = (await prune.Run(app.Name, by, cancel)).Releases;
                if (pruned is [var one]) report($"{app.Name}: pruned v{one.Number}");
                else if (pruned.Count > 1) report($"{app.Name}: pruned {pruned.Count} releases up to v{pruned[^1].Number}");
            }
            catch (ProblemException busy) when (busy.Is(ProblemCode.Busy) || busy.Is(ProblemCode.NoSuchApp))
            {
                // It is promoted again already, and pruned when that has ended; or it was deleted.
            }
        }

        return Pace;
    }
}
