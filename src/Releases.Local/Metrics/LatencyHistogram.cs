using System.Collections.Immutable;
using System.Numerics;

namespace Releases.Local;

/// <summary>
/// Counts latencies in buckets with fixed bounds: eight per power of two, from 16 µs to about 4 minutes, so that a percentile is at most an
/// eighth too high. Takes no lock.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int FirstOctave = 4;
    private const int LastOctave = 27;
    private const int PerOctave = 8;

    /// <summary>The number of buckets, including one below the first octave and one above the last.</summary>
    public const int Classes = ((LastOctave - FirstOctave + 1) * PerOctave) + 2;

    private readonly long[] _counts = new long[Classes];

    public void Add(TimeSpan took) => Interlocked.Increment(ref _counts[ClassOf(took)]);

    public LatencyCounts Read()
    {
        var counts = new long[Classes];
        for (var i = 0; i < Classes; i++) counts[i] = Volatile.Read(ref _counts[i]);
        return new([.. counts]);
    }

    /// <summary>Returns the upper bound of a bucket; for the last bucket, which has none, its lower bound.</summary>
    public static TimeSpan Bound(int index)
    {
        if (index == 0) return TimeSpan.FromMicroseconds(1 << FirstOctave);
        var (octave, part) = Math.DivRem(Math.Min(index, Classes - 2) - 1, PerOctave);
        var begin = 1L << (octave + FirstOctave);
        return TimeSpan.FromMicroseconds(begin + (begin / PerOctave * (part + 1)));
    }

    private static int ClassOf(TimeSpan took)
    {
        var microseconds = took.Ticks / TimeSpan.TicksPerMicrosecond;
        if (microseconds < 1 << FirstOctave) return 0;
        var octave = BitOperations.Log2((ulong)microseconds);
        if (octave > LastOctave) return Classes - 1;
        var part = (int)(microseconds >> (octave - 3)) & (PerOctave - 1);
        return ((octave - FirstOctave) * PerOctave) + part + 1;
    }
}

/// <summary>Represents the counts of a <see cref="LatencyHistogram"/> at one time, or between two.</summary>
internal readonly record struct LatencyCounts(ImmutableArray<long> Counts)
{
    public static LatencyCounts None { get; } = new([.. new long[LatencyHistogram.Classes]]);

    public long Total => Counts.Sum();

    public static LatencyCounts operator +(LatencyCounts one, LatencyCounts other) =>
        new([.. one.Counts.Zip(other.Counts, (a, b) => a + b)]);

    public static LatencyCounts operator -(LatencyCounts later, LatencyCounts earlier) =>
        new([.. later.Counts.Zip(earlier.Counts, (a, b) => a - b)]);

    /// <summary>Returns the latency that this share of responses didn't exceed, such as 0.95, or null if there were none.</summary>
    public TimeSpan? Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(Total * share));
        long seen = 0;
        for (var i = 0; i < Counts.Length; i++)
            if ((seen += Counts[i]) >= wanted) return LatencyHistogram.Bound(i);
        return null;
    }
}
