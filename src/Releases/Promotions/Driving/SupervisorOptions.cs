namespace Releases;

/// <summary>Represents the options of a process that supervises promotions.</summary>
/// <param name="Owner">The name of the process in the lock, for display: <c>daemon 4711 on box</c>.</param>
/// <param name="Report">Receives a line when driving is interrupted or resumed, or a promotion is taken over.</param>
public sealed record SupervisorOptions(string Owner, Action<string> Report)
{
    /// <summary>
    /// How long another driver's lock must show no beat before its promotion is taken over; zero if that driver is known to be gone.
    /// </summary>
    public TimeSpan TakeOverAfter { get; init; }

    /// <summary>
    /// Whether it immediately takes promotions that are left to the rack's agents; otherwise, an agent has the take-over time to do so.
    /// </summary>
    public bool TakesOffered { get; init; }

    /// <summary>
    /// Whether promotions that are open when it stops are left to the rack's agents, which then don't have to wait for silence.
    /// </summary>
    public bool OffersOnStop { get; init; }

    /// <summary>
    /// Whether it gives up a promotion that can't be driven from here; otherwise it retries indefinitely, because no other process would
    /// drive it.
    /// </summary>
    public bool GivesUp { get; init; }

    /// <summary>On stopping, how long the clean-up of all promotions that have ended may take together.</summary>
    public TimeSpan SettleWithin { get; init; }

    /// <summary>
    /// Returns the sender of the trace of a promotion whose end is recorded here, or null if this process has no collector.
    /// </summary>
    public Func<Func<Promotion, Task>?> SendTrace { get; init; } = () => null;

    /// <summary>Receives why driving a promotion is interrupted, as a sentence, and null once it continues.</summary>
    public Action<PromotionLock, string?> Interrupted { get; init; } = (_, _) => { };

    /// <summary>Called after a promotion was taken over and before it is driven.</summary>
    public Action TakenOver { get; init; } = () => { };

    /// <summary>
    /// Called when a promotion is no longer driven here, with its outcome, or null if it is left open or to another driver.
    /// </summary>
    public Func<PromotionLock, Promotion?, Task> Released { get; init; } = (_, _) => Task.CompletedTask;
}
