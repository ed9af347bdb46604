using System.Collections.Immutable;
using System.Numerics;

namespace Releases.Local;

/// <summary>
/// How long answers took, in classes of fixed bounds: eight to each doubling, from 16 µs to about 4 minutes, so that a percentile is
/// at most an eighth too high. Counting takes no lock.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int FirstOctave = 4;
    private const int LastOctave = 27;
    private const int PerOctave = 8;

    /// <summary>One below the first octave, and one above the last.</summary>
    public const int Classes = ((LastOctave - FirstOctave + 1) * PerOctave) + 2;

    private readonly long[] _counts = new long[Classes];

    public void Add(TimeSpan took) => Interlocked.Increment(ref _counts[ClassOf(took)]);

    public LatencyCounts Read()
    {
        var counts = new long[Classes];
        for (var i = 0; i < Classes; i++) counts[i] = Volatile.Read(ref _counts[i]);
        return new([.. counts]);
    }

    /// <summary>The longest time of a class; the last class has no such bound and names its shortest.</summary>
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

/// <summary>The counts of a <see cref="LatencyHistogram"/> at one moment, or between two.</summary>
internal readonly record struct LatencyCounts(ImmutableArray<long> Counts)
{
    public static LatencyCounts None { get; } = new([.. new long[LatencyHistogram.Classes]]);

    public long Total => Counts.Sum();

    public static LatencyCounts operator +(LatencyCounts one, LatencyCounts other) =>
        new([.. one.Counts.Zip(other.Counts, (a, b) => a + b)]);

    public static LatencyCounts operator -(LatencyCounts later, LatencyCounts earlier) =>
        new([.. later.Counts.Zip(earlier.Counts, (a, b) => a - b)]);

    /// <summary>The time within which this share of the answers came, such as 0.95 of them; null: there were none.</summary>
    public TimeSpan? Percentile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(Total * share));
        long seen = 0;
        for (var i = 0; i < Counts.Length; i++)
            if ((seen += Counts[i]) >= wanted) return LatencyHistogram.Bound(i);
        return null;
    }
}
