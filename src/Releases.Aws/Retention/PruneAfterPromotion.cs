namespace Releases.Aws;

/// <summary>Prunes an app after a promotion of it has succeeded, for at most a few seconds; the next promotion continues.</summary>
internal sealed class PruneAfterPromotion(PruneReleases prune, Action<string> report, TimeProvider time)
{
    /// <summary>Short, because a person is waiting for it.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    public async Task Run(Promotion promotion)
    {
        using var limit = new CancellationTokenSource(MaxTime, time);
        try
        {
            await prune.Run(promotion.App, promotion.StartedBy, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The next promotion continues.
        }
        catch (ProblemException busy) when (busy.Is(ProblemCode.Busy) || busy.Is(ProblemCode.NoSuchApp))
        {
            // The next promotion has already started and prunes when it ends, or the app was deleted.
        }
        catch (ProblemException refused)
        {
            report($"old releases of {promotion.App} weren't pruned: {refused.Problems[0].Sentence}");
        }
    }
}
