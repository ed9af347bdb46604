namespace Releases;

/// <summary>
/// Delivers all hooks of a rack, each by itself, so that a slow receiver keeps no other waiting. The daemon and the agent do it as long as
/// they live; a command does what is due at its end.
/// </summary>
/// <param name="hooks">The hooks.</param>
/// <param name="delivery">Delivers one of them.</param>
/// <param name="report">Takes a line when the records can't be read, once for each cause.</param>
/// <param name="time">The clock.</param>
public sealed class HookDeliveries(IHookStore hooks, HookDelivery delivery, Action<string> report, TimeProvider time) : IAsyncDisposable
{
    private readonly BackgroundWork<HookId> _running = new();
    private string? _reported;
    private bool _hasHooks;

    /// <summary>Begins what is due and isn't under way.</summary>
    public Task Begin(CancellationToken cancel) => Guarded(
        async () =>
        {
            var all = await hooks.ListHooks(cancel);
            _hasHooks = all.Count > 0;
            foreach (var hook in all) _running.Start(hook.Id, stop => Guarded(() => delivery.Run(hook, stop), stop));
        },
        cancel);

    /// <summary>That as a duty of a long-running process; what it began ends when this is disposed of.</summary>
    /// <param name="interval">From one look to the next.</param>
    /// <param name="withoutHooks">The same where there are no hooks.</param>
    public PeriodicDuty Duty(TimeSpan interval, TimeSpan withoutHooks) => new(
        "Delivering hooks", async cancel =>
        {
            await Begin(cancel);
            return _hasHooks ? interval : withoutHooks;
        })
    {
        PromotionEnded = _ => { },
    };

    /// <summary>Delivers what is due now unless another process does, and stops when the time is over; the rest stays due.</summary>
    public Task DeliverDue(TimeSpan within, Func<CancellationToken, Task<bool>> othersDo, CancellationToken cancel) => Guarded(
        async () =>
        {
            if (await hooks.ListHooks(cancel) is not { Count: > 0 } all || await othersDo(cancel)) return;
            using var limit = new CancellationTokenSource(within, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
            await Task.WhenAll(all.Select(h => Guarded(() => delivery.Run(h, both.Token), both.Token)));
        },
        cancel);

    /// <summary>Stops, and waits until everything under way has stopped.</summary>
    public ValueTask DisposeAsync() => _running.DisposeAsync();

    private async Task Guarded(Func<Task> work, CancellationToken stop)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was not delivered stays due.
        }
#pragma warning disable CA1031 // Whatever goes wrong with hooks is reported and ends nothing else.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Report(failure);
        }
    }

    private void Report(Exception failure)
    {
        var text = $"hooks can't be delivered now: {(failure is ProblemException known ? known.Problems[0].Message : failure)}";
        if (Interlocked.Exchange(ref _reported, text) != text) report(text);
    }
}
