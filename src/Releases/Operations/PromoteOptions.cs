namespace Releases;

/// <summary>How a promotion is wanted.</summary>
/// <param name="Timeout">The time limit; null: the manifest's.</param>
/// <param name="ExpectActive">Refuse when another release is active; null: whatever is.</param>
/// <param name="WaitLock">How long to wait for a promotion that runs already; null: not at all.</param>
/// <param name="RunRelease">Run the <c>release</c> commands even if it is no new release.</param>
/// <param name="AllowEmpty">Promote even if no process would run.</param>
/// <param name="HoldFor">Stop before the traffic moves, and roll back if nobody approves within this; null: don't stop.</param>
public sealed record PromoteOptions(
    TimeSpan? Timeout = null, ReleaseReference? ExpectActive = null, TimeSpan? WaitLock = null, bool RunRelease = false,
    bool AllowEmpty = false,
    TimeSpan? HoldFor = null)
{
    /// <summary>How long a promotion waits for its approval where nobody says.</summary>
    public static TimeSpan DefaultHold { get; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether a promotion that was left open is finished first, however long that takes. Else it is taken over, and this one is refused
    /// until it has ended: nobody waits that long for the answer to a button.
    /// </summary>
    public bool FinishesAbandoned { get; init; } = true;

    /// <summary>Whether it also begins while somebody else's deployment of a service is in flight, and takes its place.</summary>
    public bool Supersede { get; init; }

    /// <summary>Whether this process drives the promotion itself, also where the rack has an agent.</summary>
    public bool Drive { get; init; }
}
