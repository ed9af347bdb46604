using Xunit;

namespace Releases.Tests.Promotions;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("3650d", 315_360_000)]
    public void What_a_person_types_is_read_with_its_units(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Read(text));

    [Theory]
    [InlineData("3s", 3.999)]
    [InlineData("0s", .6)]
    [InlineData("0s", -2)]
    [InlineData("1m 59s", 119.5)]
    public void A_time_that_has_passed_is_not_longer_than_it_was(string text, double seconds)
    {
        Assert.Equal(text, Duration.Elapsed(TimeSpan.FromSeconds(seconds)));
        if (seconds >= 1 && seconds < 60)
            Assert.Equal("3 seconds ago", RelativeTime.Of(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(seconds)));
    }

    [Theory]
    [InlineData("3650d1s")]
    [InlineData("1000000d")]
    [InlineData("1000000d1000000d1000000d1000000d1000000d1000000d1000000d1000000d1000000d1000000d1000000d1000000d")]
    [InlineData("100000h")]
    [InlineData("10")]
    public void What_no_time_can_be_added_to_or_counted_in_seconds_is_no_duration(string text) => Assert.Null(Duration.Read(text));
}
