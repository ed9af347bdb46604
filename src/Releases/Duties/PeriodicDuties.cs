namespace Releases;

/// <summary>
/// Runs the duties of a long-running process side by side, so that none waits for another. A failing duty is retried with growing pauses.
/// An outage that concerns several of them is reported once when it begins, and once when it is over.
/// </summary>
public sealed class PeriodicDuties
{
    private readonly IReadOnlyList<DutyLoop> _loops;
    private readonly Action<string> _report;

    /// <param name="duties">The duties.</param>
    /// <param name="report">Receives the messages.</param>
    /// <param name="time">The clock.</param>
    public PeriodicDuties(IReadOnlyList<PeriodicDuty> duties, Action<string> report, TimeProvider time)
    {
        var failures = new OngoingFailures(report, time);
        _report = report;
        _loops = [.. duties.Select(d => new DutyLoop(d, failures, time))];
    }

    /// <summary>Runs the duties until they are stopped; runs in progress are cancelled, and the returned task waits for them.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(_loops.Select(l => Run(l, stop)));

    /// <summary>Makes the duties that run after promotions due, because a promotion of the app has ended.</summary>
    public void PromotionEnded(AppName app)
    {
        foreach (var loop in _loops) loop.PromotionEnded(app);
    }

    /// <summary>The returned task of all duties ends only when the process stops, so a duty that ends before is reported here.</summary>
    private async Task Run(DutyLoop loop, CancellationToken stop)
    {
        try
        {
            await loop.Run(stop);
        }
        catch (Exception failure)
        {
            _report($"{loop.Name} has stopped until the next restart: {failure}");
            throw;
        }
    }
}
