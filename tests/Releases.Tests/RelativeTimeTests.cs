using Releases.Testing;
using Xunit;

namespace Releases.Tests;

public sealed class RelativeTimeTests
{
    [Theory]
    [InlineData(-5, "now")]
    [InlineData(0, "now")]
    [InlineData(0.999, "now")]
    [InlineData(1, "1 second ago")]
    [InlineData(1.999, "1 second ago")]
    [InlineData(2, "2 seconds ago")]
    [InlineData(59.999, "59 seconds ago")]
    [InlineData(60, "1 minute ago")]
    [InlineData(119, "1 minute ago")]
    [InlineData(3599, "59 minutes ago")]
    [InlineData(3600, "1 hour ago")]
    [InlineData(86399, "23 hours ago")]
    public void Less_than_a_day_is_told_in_seconds_minutes_and_hours_truncated(double seconds, string text) =>
        Assert.Equal(text, RelativeTime.Of(A.Moment, A.Moment + TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1, "1 day ago")]
    [InlineData(6.99, "6 days ago")]
    [InlineData(7, "1 week ago")]
    [InlineData(13.99, "1 week ago")]
    [InlineData(14, "2 weeks ago")]
    [InlineData(29.99, "4 weeks ago")]
    [InlineData(30, "1 month ago")]
    [InlineData(59.99, "1 month ago")]
    [InlineData(60, "2 months ago")]
    [InlineData(359.99, "11 months ago")]
    [InlineData(360, "1 year ago")]
    [InlineData(719.99, "1 year ago")]
    [InlineData(720, "2 years ago")]
    public void Longer_is_told_in_days_weeks_of_7_months_of_30_and_years_of_360_days(double days, string text) =>
        Assert.Equal(text, RelativeTime.Of(A.Moment, A.Moment + TimeSpan.FromDays(days)));

    [Theory]
    [InlineData(0, "just now")]
    [InlineData(1, "1 second ago")]
    public void After_a_verb_it_is_a_phrase_that_can_follow_one(double seconds, string text) =>
        Assert.Equal(text, RelativeTime.InSentence(A.Moment, A.Moment + TimeSpan.FromSeconds(seconds)));
}
