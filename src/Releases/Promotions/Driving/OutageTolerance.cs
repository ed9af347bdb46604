namespace Releases;

/// <summary>
/// Limits how long a follower tolerates that the store can't be reached: one minute. A command that follows the promotion that it drives
/// must not give up because the network was interrupted for a moment.
/// </summary>
public sealed class OutageTolerance(TimeProvider time)
{
    private static readonly TimeSpan MaxOutage = TimeSpan.FromMinutes(1);

    private long _reached = time.GetTimestamp();

    /// <summary>Records that the store was reached.</summary>
    public void Reset() => _reached = time.GetTimestamp();

    /// <summary>Determines whether to try again.</summary>
    public bool Tolerates(ProblemException failure) =>
        failure.IsTransient && time.GetElapsedTime(_reached) < MaxOutage;
}
