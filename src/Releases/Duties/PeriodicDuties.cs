namespace Releases;

/// <summary>
/// Runs the duties of a long-running process side by side, so that none waits for another. A failing duty is reported once, retried with
/// growing pauses, and reported once more when it succeeds.
/// </summary>
/// <param name="duties">The duties.</param>
/// <param name="report">Receives the messages.</param>
/// <param name="time">The clock.</param>
public sealed class PeriodicDuties(IReadOnlyList<PeriodicDuty> duties, Action<string> report, TimeProvider time)
{
    private readonly IReadOnlyList<DutyLoop> _loops = [.. duties.Select(d => new DutyLoop(d, report, time))];

    /// <summary>Runs the duties until they are stopped; runs in progress are cancelled, and the returned task waits for them.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(_loops.Select(l => l.Run(stop)));

    /// <summary>Makes the duties that run after promotions due, because a promotion of the app has ended.</summary>
    public void PromotionEnded(AppName app)
    {
        foreach (var loop in _loops) loop.PromotionEnded(app);
    }
}
