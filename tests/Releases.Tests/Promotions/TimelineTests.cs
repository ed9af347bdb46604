using Releases.Testing;
using Xunit;

namespace Releases.Tests;

/// <summary>The timeline of a service that changes without end stays small, and shows how it began and how it ended.</summary>
public sealed class TimelineTests
{
    [Fact]
    public void The_first_and_the_last_changes_are_kept()
    {
        var service = new PromotionService { Service = A.Web };
        for (var second = 0; second < 1000; second++)
            service = service.At(second % 2 == 0 ? ServiceStatus.Starting : ServiceStatus.Healthy, A.Moment.AddSeconds(second));
        service = service.At(ServiceStatus.RollingBack, A.Moment.AddSeconds(1000)).At(ServiceStatus.RolledBack, A.Moment.AddSeconds(1001));

        Assert.Equal(
            [.. Enumerable.Range(0, 20), .. Enumerable.Range(982, 20)],
            service.Timeline.Select(s => (int)(s.At - A.Moment).TotalSeconds));
        Assert.Equal((962, 962), (service.Timeline[20].Omitted, service.Timeline.Sum(s => s.Omitted)));
        Assert.Equal([ServiceStatus.RollingBack, ServiceStatus.RolledBack], service.Timeline.TakeLast(2).Select(s => s.Status));
    }
}
