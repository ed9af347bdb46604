namespace Releases;

/// <summary>How a process supervises promotions.</summary>
/// <param name="Owner">What the lock says of the process, for people: <c>daemon 4711 on box</c>.</param>
/// <param name="Report">Takes a line when driving is interrupted, is resumed, or was taken over.</param>
public sealed record SupervisorOptions(string Owner, Action<string> Report)
{
    /// <summary>How long another driver's lock has to show no beat before its promotion is taken over; zero: that driver is known to be
    /// gone.</summary>
    public TimeSpan TakeOverAfter { get; init; }

    /// <summary>Whether it takes what is left to the rack's agents at once; otherwise an agent has the time of a take-over to do
    /// so.</summary>
    public bool TakesOffered { get; init; }

    /// <summary>Whether what is open when it stops is left to the rack's agents, which then needn't wait for silence.</summary>
    public bool OffersOnStop { get; init; }

    /// <summary>Whether a promotion that can't be driven from here is given up; otherwise it is retried without limit, because nobody else
    /// would drive it.</summary>
    public bool GivesUp { get; init; }

    /// <summary>On stopping, how long a promotion that has ended may take for its clean-up.</summary>
    public TimeSpan SettleWithin { get; init; }

    /// <summary>Sends the trace of a promotion whose end is recorded here; null: this process has no collector.</summary>
    public Func<Func<Promotion, Task>?> SendTrace { get; init; } = () => null;

    /// <summary>Called after a take-over and before the promotion is driven.</summary>
    public Action TakenOver { get; init; } = () => { };

    /// <summary>Called when a promotion is no longer driven here, with its outcome; null: it is left open, or to another driver.</summary>
    public Func<PromotionLock, Promotion?, Task> Released { get; init; } = (_, _) => Task.CompletedTask;
}
