namespace Releases.Local;

/// <summary>
/// Counts the requests that wait for their answer, by the second in which they began to. Takes no lock. A request that waits longer than
/// 17 minutes is counted as a younger one.
/// </summary>
internal sealed class WaitingRequests(TimeProvider time)
{
    private const int Seconds = 1024;

    private readonly int[] _begun = new int[Seconds];

    /// <param name="since">When it began to wait, as a timestamp of the clock.</param>
    public void Add(long since) => Interlocked.Increment(ref _begun[Second(since) % Seconds]);

    /// <param name="since">The same as when it was added.</param>
    public void Remove(long since) => Interlocked.Decrement(ref _begun[Second(since) % Seconds]);

    /// <summary>Returns the requests by how long they have waited at least, in whole seconds.</summary>
    public IReadOnlyList<LatencyBucket> Read()
    {
        var now = Second(time.GetTimestamp());
        var found = new List<LatencyBucket>();
        for (var age = 0; age < Seconds; age++)
            if (Volatile.Read(ref _begun[(now - age + Seconds) % Seconds]) is > 0 and var count)
                found.Add(new(TimeSpan.FromSeconds(Math.Max(0, age - 1)), count));
        return found;
    }

    private long Second(long timestamp) => timestamp / time.TimestampFrequency;
}
