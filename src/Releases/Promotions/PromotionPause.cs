namespace Releases;

/// <summary>Pauses a driver between two observations, until something changes or a temporarily refused request can be retried.</summary>
internal sealed class PromotionPause(PromotionJournal journal, IEngine engine, RetryReporter retries, TimeProvider time)
{
    /// <summary>How long to wait between observations once a limit has passed but the outcome isn't decided yet.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait without an observation; a limit may be years ahead, which is longer than a timer can wait.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    /// <summary>Waits for a change reported by the engine, but not beyond the limit if it is still ahead.</summary>
    public Task ForChange(DateTimeOffset limit, CancellationToken cancel)
    {
        var next = time.GetUtcNow() + LookAgain;
        return ForChange(limit > next ? limit : next, null, cancel);
    }

    /// <summary>Waits for a change reported by the engine, but not beyond the limit or the completion of a task.</summary>
    public async Task ForChange(DateTimeOffset limit, Task? or, CancellationToken cancel)
    {
        var left = limit - time.GetUtcNow();
        if (left > TimeSpan.Zero) await ForChange(left < MaxWait ? left : MaxWait, or, cancel);
    }

    /// <summary>Waits before a retry; returns false once the promotion's limit has passed or the promotion was cancelled.</summary>
    public async Task<bool> BeforeRetry(Problem passing, CancellationToken cancel)
    {
        if (time.GetUtcNow() >= journal.Promotion.Limit || await journal.CancelRequestedBy(cancel) is not null) return false;
        retries.Retry(passing.Message);
        await ForChange(RetryAfter, null, cancel);
        return true;
    }

    private async Task ForChange(TimeSpan atMost, Task? or, CancellationToken cancel)
    {
        retries.EndRound();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var change = engine.WaitForChange(journal.Promotion.App, stop.Token);
        await Task.WhenAny(change, Task.Delay(atMost, time, stop.Token), or ?? change);
        await stop.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        if (change.IsFaulted) await change;
    }
}
