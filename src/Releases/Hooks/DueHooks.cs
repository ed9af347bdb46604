namespace Releases;

/// <summary>
/// Delivers a rack's due hooks at the end of a command or a publish, if no other process of the rack does. What isn't delivered in time
/// stays due.
/// </summary>
/// <param name="rack">The rack.</param>
/// <param name="app">The app that the command was for, or null if it was for the rack.</param>
/// <param name="time">The clock of the attempts.</param>
/// <param name="report">Receives a message about what keeps a delivery from being tried.</param>
public sealed class DueHooks(Rack rack, AppName? app, TimeProvider time, Action<string> report)
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    /// <summary>Delivers what is due, for at most 5 seconds.</summary>
    public async Task Deliver(CancellationToken cancel)
    {
        // The user waits in real time, whatever the injected clock says.
        using var patience = new CancellationTokenSource(ReadLimit, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        using var http = new HookHttp(time);
        await using var deliveries = new HookDeliveries(rack.Hooks, rack.HookDelivery(http, time), report, time);
        await deliveries.DeliverDue(app, ReadLimit, rack.DeliversHooks, both.Token);
    }
}
