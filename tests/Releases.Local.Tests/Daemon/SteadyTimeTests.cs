using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Daemon;

public sealed class SteadyTimeTests
{
    [Theory]
    [InlineData(-3600)]
    [InlineData(86_400)]
    public void It_goes_on_when_the_systems_clock_is_set_and_follows_it_when_it_is_asked_to(int seconds)
    {
        var system = new FakeTimeProvider(A.Moment);
        var set = new SetClock(system);
        var time = new SteadyTime(set);
        var began = time.GetUtcNow();

        set.Offset = TimeSpan.FromSeconds(seconds);
        system.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(began + TimeSpan.FromSeconds(5), time.GetUtcNow());

        time.Follow();
        Assert.Equal(set.GetUtcNow(), time.GetUtcNow());
        system.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(set.GetUtcNow(), time.GetUtcNow());
    }
}
