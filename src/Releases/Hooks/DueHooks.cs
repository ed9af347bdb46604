namespace Releases;

/// <summary>
/// Delivers what is due of a rack's hooks at the end of a command or a publish, where the rack has no process that does; what isn't
/// delivered in time stays due.
/// </summary>
/// <param name="rack">The rack.</param>
/// <param name="time">When attempts are made.</param>
/// <param name="report">Takes a sentence when the records can't be read.</param>
public sealed class DueHooks(Rack rack, TimeProvider time, Action<string> report)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    /// <summary>Delivers it, for 5 seconds at most.</summary>
    public async Task Deliver(CancellationToken cancel)
    {
        // A person's patience passes by no other clock.
        using var patience = new CancellationTokenSource(_limit, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        using var http = new HookHttp(time);
        await using var deliveries = new HookDeliveries(rack.Hooks, rack.HookDelivery(http, time), report, time);
        await deliveries.DeliverDue(_limit, rack.DeliversHooks, both.Token);
    }
}
