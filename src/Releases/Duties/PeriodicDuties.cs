namespace Releases;

/// <summary>
/// Runs the duties of a long-running process side by side, so that none waits for another one. A duty that fails is reported once, tried
/// again with growing pauses, and reported once when it succeeds.
/// </summary>
/// <param name="duties">The duties.</param>
/// <param name="report">Takes the sentences.</param>
/// <param name="time">The clock.</param>
public sealed class PeriodicDuties(IReadOnlyList<PeriodicDuty> duties, Action<string> report, TimeProvider time)
{
    private readonly IReadOnlyList<DutyLoop> _loops = [.. duties.Select(d => new DutyLoop(d, report, time))];

    /// <summary>Runs them until it is stopped; each run that is under way is cancelled then, and returned from.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(_loops.Select(l => l.Run(stop)));

    /// <summary>A promotion of this app has ended: what is due after promotions is done now.</summary>
    public void PromotionEnded(AppName app)
    {
        foreach (var loop in _loops) loop.PromotionEnded(app);
    }
}
