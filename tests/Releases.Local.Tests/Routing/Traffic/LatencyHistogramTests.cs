using Xunit;

namespace Releases.Local.Tests;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(999)]
    [InlineData(1_000)]
    [InlineData(123_456)]
    [InlineData(30_000_000)]
    [InlineData(268_000_000)]
    public void A_time_is_in_a_class_that_is_at_most_an_eighth_longer(int microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(microseconds));

        var found = histogram.Read().Percentile(0.5)!.Value.TotalMicroseconds;

        Assert.InRange(found, microseconds, Math.Max(16, microseconds * 1.125));
    }

    [Fact]
    public void Times_beyond_the_last_class_are_counted_in_it()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromHours(1));
        histogram.Add(TimeSpan.FromDays(1));

        Assert.Equal(2, histogram.Read().Total);
        Assert.Equal(LatencyHistogram.Bound(LatencyHistogram.Classes - 1), histogram.Read().Percentile(1));
    }

    [Fact]
    public void A_percentile_is_the_time_within_which_that_share_came()
    {
        var histogram = new LatencyHistogram();
        for (var i = 0; i < 95; i++) histogram.Add(TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < 5; i++) histogram.Add(TimeSpan.FromMilliseconds(100));
        var counts = histogram.Read();

        Assert.InRange(counts.Percentile(0.95)!.Value.TotalMilliseconds, 1, 1.125);
        Assert.InRange(counts.Percentile(0.96)!.Value.TotalMilliseconds, 100, 112.5);
    }

    [Fact]
    public void Bounds_grow()
    {
        var bounds = Enumerable.Range(0, LatencyHistogram.Classes - 1).Select(LatencyHistogram.Bound).ToList();
        Assert.Equal(bounds.Distinct().Order(), bounds);
    }

    [Fact]
    public void There_is_no_percentile_of_nothing() => Assert.Null(LatencyCounts.None.Percentile(0.95));

    [Fact]
    public void A_difference_has_what_came_between()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMilliseconds(1));
        var before = histogram.Read();
        histogram.Add(TimeSpan.FromMilliseconds(50));

        var between = histogram.Read() - before;

        Assert.Equal(1, between.Total);
        Assert.InRange(between.Percentile(0)!.Value.TotalMilliseconds, 50, 56.25);
        Assert.Equal(histogram.Read().Counts, (before + between).Counts);
    }
}
