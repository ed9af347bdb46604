namespace Releases;

/// <summary>Runs one duty repeatedly.</summary>
internal sealed class DutyLoop(PeriodicDuty duty, OngoingFailures failures, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private volatile TaskCompletionSource _due = NotDue();
    private TimeSpan? _pause;

    /// <summary>The duty's name in the log.</summary>
    public string Name => duty.Name;

    /// <summary>Runs the duty until it is stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // Captured before the run, so that a promotion that ends during the run makes the duty due again.
            var due = _due;
            try
            {
                await Wait(await Once(stop), due.Task, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            if (due.Task.IsCompleted) Interlocked.CompareExchange(ref _due, NotDue(), due);
        }
    }

    /// <summary>Makes the duty due because a promotion of the app has ended.</summary>
    public void PromotionEnded(AppName app)
    {
        if (duty.PromotionEnded is not { } take) return;
        take(app);
        _due.TrySetResult();
    }

    private async Task<TimeSpan> Once(CancellationToken stop)
    {
        try
        {
            var pause = await duty.Run(stop);
            failures.Succeeded(duty.Name);
            _pause = null;
            return pause;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A long-running process survives its own bugs too; the log has all details.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            failures.Failed(duty.Name, failure);
            _pause = _pause is { } before ? before * 2 < MaxPause ? before * 2 : MaxPause : FirstPause;
            return _pause.Value;
        }
    }

    private async Task Wait(TimeSpan pause, Task due, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // A pause that is computed from the time of the last run may have passed by now.
        var waited = Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, enough.Token);
        await Task.WhenAny(waited, due);
        stop.ThrowIfCancellationRequested();
        // Disposes the timer of a wait that was cut short.
        await enough.CancelAsync();
    }

    private static TaskCompletionSource NotDue() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
