namespace Releases;

/// <summary>
/// The heartbeat of a driver: increments the lock's beat every few seconds while it works. Work whose lock can't be renewed is
/// stopped, since another driver may take it over: at once if that has happened, otherwise after the lease.
/// </summary>
internal sealed class LockBeat(IReleaseStore store, TimeProvider time)
{
    /// <summary>From one beat to the next.</summary>
    public static TimeSpan Pace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>A driver without a beat for this long may be taken over.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(12);

    /// <summary>Whether this driver may reach the store again in a moment.</summary>
    public static bool MayRecover(ProblemException failure) => !failure.Is(ProblemCode.Fenced) && !failure.Is(ProblemCode.NewerFormat);

    /// <summary>Does the work while the lock beats.</summary>
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
                // A single missed beat stops no work; the next one shows that the driver is alive.
            }
        }
    }
}
