namespace Releases;

/// <summary>
/// Shows that a driver lives while it works: increments the lock's beat every few seconds. Work whose lock cannot be kept
/// is stopped, as somebody else may take it over.
/// </summary>
internal sealed class LockBeat(IReleaseStore store, TimeProvider time)
{
    /// <summary>From one beat to the next.</summary>
    public static TimeSpan Pace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Does the work under a beating lock.</summary>
    public async Task<T> During<T>(PromotionLock held, Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var stopBeating = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var stopWorking = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var beating = Beat(held, stopBeating.Token);
        var working = work(stopWorking.Token);
        if (await Task.WhenAny(working, beating) == beating && beating.IsFaulted) await stopWorking.CancelAsync();
        try
        {
            return await working;
        }
        catch (OperationCanceledException) when (beating.IsFaulted)
        {
            await beating;
            throw;
        }
        finally
        {
            await stopBeating.CancelAsync();
            await Task.WhenAny(beating);
        }
    }

    private async Task Beat(PromotionLock held, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(Pace, time, cancel);
            await store.RenewLock(held, time.GetUtcNow(), cancel);
        }
    }
}
