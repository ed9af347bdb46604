namespace Releases;

/// <summary>Represents the work of one driver on a promotion: what it knows of it, over all retries.</summary>
/// <param name="held">The promotion's lock.</param>
public sealed class PromotionDrive(PromotionLock held)
{
    /// <summary>The promotion's lock.</summary>
    public PromotionLock Held => held;

    /// <summary>The clock of the promotion's limits, or null before the first try.</summary>
    internal TimeProvider? Clock { get; private set; }

    /// <summary>The timestamp of the first try, by <see cref="Clock"/>.</summary>
    internal long Began { get; private set; }

    /// <summary>Returns when the promotion's own limit passes, which phases change, or null if it wasn't read yet.</summary>
    internal Func<DateTimeOffset?> Limit { get; set; } = () => null;

    /// <summary>Whether this driver has begun the rollback or has taken it over. A retry continues it within the same limit.</summary>
    internal bool RollsBack { get; set; }

    /// <summary>The promotion once its outcome is recorded, so that only cleaning up is left; else null.</summary>
    internal Promotion? Ended { get; set; }

    /// <summary>The promotion once it is settled, so that only what its ended processes left is to be removed; else null.</summary>
    internal Promotion? Settled { get; set; }

    /// <summary>Returns the clock, which begins with the first try.</summary>
    internal TimeProvider Begin(Func<TimeProvider> clock)
    {
        if (Clock is { } running) return running;
        Clock = clock();
        Began = Clock.GetTimestamp();
        return Clock;
    }
}
