namespace Releases;

/// <summary>
/// Shows that a driver lives while it works: increments the lock's beat every few seconds. Work whose lock cannot be kept
/// is stopped, as somebody else may take it over: at once where that has happened, else after the lease.
/// </summary>
internal sealed class LockBeat(IReleaseStore store, TimeProvider time)
{
    /// <summary>From one beat to the next.</summary>
    public static TimeSpan Pace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Who gives no sign for so long may be taken over.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(12);

    /// <summary>Whether the records may be reached again in a moment, and by this driver.</summary>
    public static bool MayRecover(ProblemException failure) => !failure.Is(ProblemCode.Fenced) && !failure.Is(ProblemCode.NewerFormat);

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
        for (var shown = time.GetTimestamp(); ;)
        {
            await Task.Delay(Pace, time, cancel);
            var now = time.GetTimestamp();
            try
            {
                await store.RenewLock(held, time.GetUtcNow(), cancel);
                shown = now;
            }
            catch (ProblemException missed) when (MayRecover(missed) && time.GetElapsedTime(shown) <= Lease)
            {
                // One beat that is missed ends no work; the next one shows that the driver lives.
            }
        }
    }
}
