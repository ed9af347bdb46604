namespace Releases.Aws;

/// <summary>
/// Determines how often ECS is polled during a promotion: every 2 seconds at first and after a change, then less often while nothing
/// changes, after a quarter of the time since the last change, but at least every 5 seconds.
/// </summary>
/// <remarks>
/// ECS allows 20 DescribeServices and 20 DescribeServiceDeployments calls per second; an observation of 30 services takes 5 calls.
/// </remarks>
internal sealed class ReadPace(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private long _changed = time.GetTimestamp();

    /// <summary>The shortest delay between two reads, for polling what is about to change.</summary>
    public static TimeSpan Shortest { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The delay before the next read.</summary>
    public TimeSpan Next
    {
        get
        {
            var quarter = time.GetElapsedTime(_changed) / 4;
            return quarter < Shortest ? Shortest : quarter > Longest ? Longest : quarter;
        }
    }

    /// <summary>Records that a read has shown a change, which shortens the delay again.</summary>
    public void Changed() => _changed = time.GetTimestamp();
}
