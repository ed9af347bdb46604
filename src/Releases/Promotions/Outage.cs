namespace Releases;

/// <summary>
/// How long who looks again and again bears it that the records cannot be reached: a minute. Whoever follows a promotion that nobody
/// else drives must not end it because the network was away for a moment.
/// </summary>
public sealed class Outage(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private long _reached = time.GetTimestamp();

    /// <summary>The records were reached.</summary>
    public void IsOver() => _reached = time.GetTimestamp();

    /// <summary>Whether to look again.</summary>
    public bool Bears(ProblemException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.MayPass() && time.GetElapsedTime(_reached) < Longest;
    }
}
