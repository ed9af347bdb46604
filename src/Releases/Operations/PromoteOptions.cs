namespace Releases;

/// <summary>Represents the options of a promotion.</summary>
/// <param name="Timeout">The time limit; the manifest's if null.</param>
/// <param name="ExpectActive">The release that must be active, or null for any.</param>
/// <param name="WaitLock">How long to wait for a promotion that is already running, or null not to wait.</param>
/// <param name="RunRelease">Whether to run the <c>release</c> commands even if it isn't a new release.</param>
/// <param name="AllowEmpty">Whether to promote even if no process would run.</param>
/// <param name="HoldFor">How long to wait for an approval before the traffic moves, and then roll back; null not to wait.</param>
public sealed record PromoteOptions(
    TimeSpan? Timeout = null, ReleaseReference? ExpectActive = null, TimeSpan? WaitLock = null, bool RunRelease = false,
    bool AllowEmpty = false,
    TimeSpan? HoldFor = null)
{
    /// <summary>How long a promotion waits for its approval by default.</summary>
    public static TimeSpan DefaultHold { get; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether to finish an abandoned promotion first, however long that takes. Otherwise it is taken over, and this one is refused until
    /// it has ended: the response to a button can't take that long.
    /// </summary>
    public bool FinishesAbandoned { get; init; } = true;

    /// <summary>Whether to start even while someone else's deployment of a service is in flight, and supersede it.</summary>
    public bool Supersede { get; init; }

    /// <summary>Whether this process drives the promotion itself, even if the rack has an agent.</summary>
    public bool Drive { get; init; }
}
