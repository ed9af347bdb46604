using Xunit;

namespace Releases.Tool.Tests;

public sealed class MeasuresTests
{
    [Theory]
    [InlineData(-3, "0s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m")]
    [InlineData(3599, "59m 59s")]
    [InlineData(3600, "1h")]
    [InlineData(3 * 3600 + 12 * 60 + 59, "3h 12m")]
    [InlineData(86_400, "1d")]
    [InlineData(400 * 86_400 + 7200, "400d 2h")]
    public void An_uptime_has_its_two_largest_units(int seconds, string text) =>
        Assert.Equal(text, UnitFormat.Uptime(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "+0.0 s")]
    [InlineData(300, "+0.3 s")]
    [InlineData(72_440, "+72.4 s")]
    [InlineData(-200, "-0.2 s")]
    public void A_moment_is_told_from_the_beginning(int milliseconds, string text) =>
        Assert.Equal(text, UnitFormat.After(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds)));
}
