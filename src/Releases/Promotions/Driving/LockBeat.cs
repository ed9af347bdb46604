namespace Releases;

/// <summary>
/// Sends the heartbeat of a driver: increments the lock's beat every few seconds while the driver works. If the lock can't be renewed, the
/// work is stopped, because another driver may take over: immediately if that has happened, otherwise after the lease.
/// </summary>
internal sealed class LockBeat(IReleaseStore store, TimeProvider time)
{
    /// <summary>The interval between beats.</summary>
    public static TimeSpan Pace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a driver may go without a beat before it can be taken over.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(12);

    /// <summary>Determines whether the driver may be able to reach the store again shortly.</summary>
    public static bool MayRecover(ProblemException failure) => !failure.Is(ProblemCode.Fenced) && !failure.Is(ProblemCode.NewerFormat);

    /// <summary>Does the work while renewing the lock.</summary>
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
                // A single missed beat doesn't stop the work; the next one shows that the driver is alive.
            }
        }
    }
}
