namespace Releases.Aws;

/// <summary>
/// How often a rollout is read: every 2 seconds while ECS shows something new, less often while nothing changes, at most 5 seconds apart.
/// A change is so seen after at most a quarter of the time that it took.
/// </summary>
/// <remarks>ECS takes 20 DescribeServices and 20 DescribeServiceDeployments a second; 30 services take 5 calls each time.</remarks>
internal sealed class ReadPace(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private long _changed = time.GetTimestamp();

    /// <summary>The time between two reads of what is about to change.</summary>
    public static TimeSpan Shortest { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The time until the next read.</summary>
    public TimeSpan Next
    {
        get
        {
            var quarter = time.GetElapsedTime(_changed) / 4;
            return quarter < Shortest ? Shortest : quarter > Longest ? Longest : quarter;
        }
    }

    /// <summary>ECS shows something new.</summary>
    public void Changed() => _changed = time.GetTimestamp();
}
