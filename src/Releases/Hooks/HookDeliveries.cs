namespace Releases;

/// <summary>
/// Delivers all hooks of a rack independently, so that a slow receiver doesn't delay the others. The daemon and the agent do so for as long
/// as they run; a command delivers what is due when it ends.
/// </summary>
/// <param name="hooks">The store of the hooks.</param>
/// <param name="delivery">Delivers a single hook.</param>
/// <param name="report">Receives a message when deliveries begin to fail, and one when they work again.</param>
/// <param name="time">The clock.</param>
public sealed class HookDeliveries(IHookStore hooks, HookDelivery delivery, Action<string> report, TimeProvider time) : IAsyncDisposable
{
    private const string Unreadable = "Reading a hook";

    private readonly BackgroundWork<HookId> _running = new();
    private readonly OngoingFailures _failures = new(report, time);
    private IReadOnlyList<Hook> _hooks = [];

    /// <summary>
    /// Starts the deliveries that are due and not yet running. A hook that can't be read keeps no other one from its deliveries. Fails if
    /// the hooks can't be listed.
    /// </summary>
    public async Task Begin(CancellationToken cancel)
    {
        var before = _hooks;
        var damaged = 0;
        _hooks = await hooks.ListHooks(
            unreadable =>
            {
                damaged++;
                _failures.Failed(Unreadable, unreadable);
            },
            cancel);
        if (damaged == 0) _failures.Succeeded(Unreadable);
        foreach (var gone in before.Where(b => _hooks.All(h => h.Id != b.Id))) _failures.Forget(Name(gone));
        foreach (var hook in _hooks) _running.Start(hook.Id, stop => Deliver(hook, stop));
    }

    /// <summary>Returns the deliveries as a duty of a long-running process; disposing this instance stops what the duty started.</summary>
    /// <param name="interval">The interval between checks.</param>
    /// <param name="withoutHooks">The interval while there are no hooks.</param>
    public PeriodicDuty Duty(TimeSpan interval, TimeSpan withoutHooks) => new(
        "Delivering hooks", async cancel =>
        {
            await Begin(cancel);
            return _hooks.Count > 0 ? interval : withoutHooks;
        })
    {
        PromotionEnded = _ => { },
    };

    /// <summary>
    /// Delivers what is due now, unless another process does, and stops at the time limit; the rest stays due. Reports what keeps it from
    /// that.
    /// </summary>
    /// <param name="app">
    /// The only app whose failures are reported, or null for all: who may release one app may not be allowed to open the hooks of others.
    /// </param>
    /// <param name="within">The time limit.</param>
    /// <param name="othersDo">Determines whether another process delivers.</param>
    /// <param name="cancel">Stops the deliveries.</param>
    public async Task DeliverDue(AppName? app, TimeSpan within, Func<CancellationToken, Task<bool>> othersDo, CancellationToken cancel)
    {
        try
        {
            var all = await hooks.ListHooks(Report, cancel);
            if (all.Count == 0 || await othersDo(cancel)) return;
            using var limit = new CancellationTokenSource(within, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
            await Task.WhenAll(all.Select(h => Guarded(() => delivery.Run(h, both.Token), failure =>
            {
                if (app is null || h.App == app) Report(failure);
            }, both.Token)));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Undelivered events stay due.
        }
        catch (ProblemException unlisted)
        {
            Report(unlisted);
        }

        void Report(Exception failure) =>
            report($"hooks can't be delivered now: {(failure is ProblemException known ? known.Problems[0].Message : failure)}");
    }

    /// <summary>Stops all deliveries, and waits until they have stopped.</summary>
    public ValueTask DisposeAsync() => _running.DisposeAsync();

    private static string Name(Hook hook) => $"Delivering hook {hook.Id} of {hook.App}";

    private Task Deliver(Hook hook, CancellationToken stop) => Guarded(
        async () =>
        {
            await delivery.Run(hook, stop);
            _failures.Succeeded(Name(hook));
        },
        failure => _failures.Failed(Name(hook), failure), stop);

    private static async Task Guarded(Func<Task> work, Action<Exception> failed, CancellationToken stop)
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
            failed(failure);
        }
    }
}
