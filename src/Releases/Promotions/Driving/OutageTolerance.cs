namespace Releases;

/// <summary>
/// How long who looks again and again bears it that the records cannot be reached: a minute. Whoever follows a promotion that nobody
/// else drives must not end it because the network was away for a moment.
/// </summary>
public sealed class OutageTolerance(TimeProvider time)
{
    private static readonly TimeSpan MaxOutage = TimeSpan.FromMinutes(1);

    private long _reached = time.GetTimestamp();

    /// <summary>The records were reached.</summary>
    public void Reset() => _reached = time.GetTimestamp();

    /// <summary>Whether to look again.</summary>
    public bool Tolerates(ProblemException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.IsTransient() && time.GetElapsedTime(_reached) < MaxOutage;
    }
}
