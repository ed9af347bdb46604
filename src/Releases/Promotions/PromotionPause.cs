namespace Releases;

/// <summary>What a driver waits for between two looks: a change, or another try of what was refused for now.</summary>
internal sealed class PromotionPause(PromotionJournal journal, IEngine engine, RetryReporter retries, TimeProvider time)
{
    /// <summary>Where a limit has passed and its outcome is not decided yet, the next look is that far away.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Waits for the engine, but not beyond a limit that is still to come.</summary>
    public Task ForChange(DateTimeOffset limit, CancellationToken cancel)
    {
        var next = time.GetUtcNow() + LookAgain;
        return ForChange(limit > next ? limit : next, null, cancel);
    }

    /// <summary>The same, or until a task has completed.</summary>
    public async Task ForChange(DateTimeOffset limit, Task? or, CancellationToken cancel)
    {
        var left = limit - time.GetUtcNow();
        if (left <= TimeSpan.Zero) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var change = engine.WaitForChange(journal.Promotion.App, stop.Token);
        await Task.WhenAny(change, Task.Delay(left, time, stop.Token), or ?? change);
        await stop.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        if (change.IsFaulted) await change;
    }

    /// <summary>Waits before another try; false once the promotion's limit has passed or somebody cancels it.</summary>
    public async Task<bool> BeforeRetry(Problem transient, CancellationToken cancel)
    {
        if (time.GetUtcNow() >= journal.Promotion.Limit || await journal.CancelRequestedBy(cancel) is not null) return false;
        retries.Retry(transient.Message);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(engine.WaitForChange(journal.Promotion.App, stop.Token), Task.Delay(RetryAfter, time, stop.Token));
        await stop.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return true;
    }
}
