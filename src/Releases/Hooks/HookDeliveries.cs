namespace Releases;

/// <summary>
/// Delivers all hooks of a rack independently, so that a slow receiver doesn't delay the others. The daemon and the agent do so for as long
/// as they run; a command delivers what is due when it ends.
/// </summary>
/// <param name="hooks">The store of the hooks.</param>
/// <param name="delivery">Delivers a single hook.</param>
/// <param name="report">Receives a message if the records can't be read, once for each cause.</param>
/// <param name="time">The clock.</param>
public sealed class HookDeliveries(IHookStore hooks, HookDelivery delivery, Action<string> report, TimeProvider time) : IAsyncDisposable
{
    private readonly BackgroundWork<HookId> _running = new();
    private string? _reported;
    private bool _hasHooks;

    /// <summary>Starts the deliveries that are due and not yet running.</summary>
    public Task Begin(CancellationToken cancel) => Guarded(
        async () =>
        {
            var all = await hooks.ListHooks(cancel);
            _hasHooks = all.Count > 0;
            foreach (var hook in all) _running.Start(hook.Id, stop => Guarded(() => delivery.Run(hook, stop), stop));
        },
        cancel);

    /// <summary>Returns the deliveries as a duty of a long-running process; disposing this instance stops what the duty started.</summary>
    /// <param name="interval">The interval between checks.</param>
    /// <param name="withoutHooks">The interval while there are no hooks.</param>
    public PeriodicDuty Duty(TimeSpan interval, TimeSpan withoutHooks) => new(
        "Delivering hooks", async cancel =>
        {
            await Begin(cancel);
            return _hasHooks ? interval : withoutHooks;
        })
    {
        PromotionEnded = _ => { },
    };

    /// <summary>Delivers what is due now, unless another process does, and stops at the time limit; the rest stays due.</summary>
    public Task DeliverDue(TimeSpan within, Func<CancellationToken, Task<bool>> othersDo, CancellationToken cancel) => Guarded(
        async () =>
        {
            if (await hooks.ListHooks(cancel) is not { Count: > 0 } all || await othersDo(cancel)) return;
            using var limit = new CancellationTokenSource(within, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
            await Task.WhenAll(all.Select(h => Guarded(() => delivery.Run(h, both.Token), both.Token)));
        },
        cancel);

    /// <summary>Stops all deliveries, and waits until they have stopped.</summary>
    public ValueTask DisposeAsync() => _running.DisposeAsync();

    private async Task Guarded(Func<Task> work, CancellationToken stop)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Undelivered events stay due.
        }
#pragma warning disable CA1031 // Failures of hooks are reported, and stop nothing else.
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
