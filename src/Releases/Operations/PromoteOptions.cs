namespace Releases;

/// <summary>Represents the options of a promotion.</summary>
public sealed record PromoteOptions : PromotionTerms
{
    /// <summary>How long a promotion waits for its approval by default.</summary>
    public static TimeSpan DefaultHold { get; } = TimeSpan.FromHours(1);

    /// <summary>The release that must be active, or null for any.</summary>
    public ReleaseReference? ExpectActive { get; init; }

    /// <summary>Whether no release may be active, because none was when the promotion was decided on.</summary>
    public bool ExpectsNone { get; init; }

    /// <summary>How long to wait for a promotion that is already running, or null not to wait.</summary>
    public TimeSpan? WaitLock { get; init; }

    /// <summary>
    /// Whether to finish an abandoned promotion first, however long that takes. Otherwise it is taken over, and this one is refused until
    /// it has ended: the response to a button can't take that long.
    /// </summary>
    public bool FinishesAbandoned { get; init; } = true;

    /// <summary>Whether this process drives the promotion itself, even if the rack has an agent.</summary>
    public bool Drive { get; init; }

    /// <summary>Returns the options for a promotion that may only replace what was seen, unless they name another release.</summary>
    /// <param name="seen">The release that was active when the promotion was decided on, or null if none was.</param>
    public PromoteOptions Replacing(ReleaseId? seen) => ExpectActive is not null ? this
        : this with { ExpectActive = seen is { } active ? active : null, ExpectsNone = seen is null };
}
