namespace Releases.Aws;

/// <summary>Prunes an app once a promotion of it has succeeded, for a few seconds at most: the next promotion continues.</summary>
internal sealed class PruneAfterPromotion(PruneReleases prune, Action<string> report, TimeProvider time)
{
    /// <summary>A person waits for it.</summary>
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
            // The next promotion has begun already, and prunes when it ends; or the app was deleted.
        }
        catch (ProblemException refused)
        {
            report($"old releases of {promotion.App} weren't pruned: {refused.Problems[0].Sentence}");
        }
    }
}
