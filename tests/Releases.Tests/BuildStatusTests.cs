using Releases.Testing;
using Xunit;

namespace Releases.Tests;

public sealed class BuildStatusTests
{
    [Theory]
    [InlineData(-179, true)]
    [InlineData(179, true)]
    [InlineData(180, false)]
    [InlineData(-180, true)]
    [InlineData(-86_399, true)]
    [InlineData(-86_400, false)]
    [InlineData(-40_000_000, false)]
    public void A_build_is_running_while_its_record_was_renewed_within_minutes_by_a_clock_of_the_same_day(int secondsAgo, bool isRunning)
    {
        var build = A.Build(BuildStatus.Running) with { HeardAt = A.Moment.AddSeconds(-secondsAgo) };
        Assert.Equal(isRunning ? BuildStatus.Running : BuildStatus.Failed, build.AsOf(A.Moment).Status);
    }
}
