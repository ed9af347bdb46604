using Xunit;

namespace Releases.Local.Tests.Routing;

public sealed class WeightedTargetsTests
{
    private static readonly RouteTarget Old = new("old", 1001);
    private static readonly RouteTarget Older = new("older", 1002);
    private static readonly RouteTarget New = new("new", 1003);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(25)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public void Of_a_hundred_requests_each_group_gets_its_share(int percent)
    {
        var route = new ServiceRoute(null, Split(percent));
        Assert.Equal(percent, Enumerable.Range(0, 100).Count(_ => route.Choose(default, null) == New));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(50)]
    public void Of_the_visitors_each_group_gets_its_share_however_many_requests_they_send(int percent)
    {
        const int Visitors = 60;
        foreach (var requests in (int[])[1, 2, 3, 7, 10, 20, 50, 100, 200])
            foreach (var isInterleaved in (bool[])[false, true])
            {
                var promotion = PromotionId.New();
                var (old, fresh) = Releases();
                var route = new ServiceRoute(null, new([new(100 - percent, [old]), new(percent, [fresh])]), promotion: promotion);
                var met = new RouteTarget?[Visitors];
                foreach (var n in Enumerable.Range(0, Visitors * requests))
                {
                    ref var before = ref met[isInterleaved ? n % Visitors : n / requests];
                    var now = route.Choose(before is null ? default : new(null, null, $"{promotion}.{before.Release}"), null);
                    Assert.Equal(before ?? now, now);
                    before = now;
                }

                Assert.InRange(met.Count(m => m == fresh) - (Visitors * percent / 100.0), -1, 1);
            }
    }

    [Fact]
    public void Requests_for_a_release_leave_the_shares_as_they_are()
    {
        var (old, fresh) = Releases();
        var route = new ServiceRoute(null, new([new(50, [old]), new(50, [fresh])]), promotion: PromotionId.New());
        var chosen = new List<RouteTarget?>();
        for (var n = 0; n < 100; n++)
        {
            chosen.Add(route.Choose(default, null));
            Assert.Equal(fresh, route.Choose(new(fresh.Release, null, null), null));
        }

        Assert.Equal(50, chosen.Count(c => c == fresh));
    }

    [Fact]
    public void A_share_is_spread_and_does_not_come_in_one_burst()
    {
        var targets = Split(25);
        foreach (var ten in Enumerable.Range(0, 100).Chunk(10))
            Assert.InRange(ten.Count(turn => targets.Choose((uint)turn).Targets[0] == New), 2, 3);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(50)]
    public void The_processes_of_a_group_take_turns(int percent)
    {
        var route = new ServiceRoute(null, Split(percent));
        var chosen = Enumerable.Range(0, 400).Select(_ => route.Choose(default, null)).ToList();
        Assert.Equal(chosen.Count(t => t == Old), chosen.Count(t => t == Older));
    }

    [Fact]
    public void A_request_that_none_of_its_group_takes_goes_to_another_group()
    {
        var route = new ServiceRoute(null, Split(50));
        for (var n = 0; n < 10; n++) Assert.NotEqual(New, route.Choose(default, [New]));
        Assert.Null(route.Choose(default, [Old, Older, New]));
    }

    [Fact]
    public void A_group_without_processes_leaves_everything_to_the_other()
    {
        var route = new ServiceRoute(null, new WeightedTargets([new(90, []), new(10, [New])]));
        Assert.Equal(New, route.Choose(default, null));
        Assert.Null(new ServiceRoute(null, new WeightedTargets([])).Choose(default, null));
    }

    [Fact]
    public void Equal_groups_are_equal_and_the_weight_of_a_single_one_does_not_matter()
    {
        Assert.Equal(Split(25), Split(25));
        Assert.NotEqual(Split(25), Split(26));
        Assert.Equal(new([new(1, [Old])]), new WeightedTargets([new(100, [Old]), new(0, [])]));
    }

    [Fact]
    public void A_group_without_a_share_is_there_and_gets_nothing_of_whoever_comes()
    {
        var targets = new WeightedTargets([new(1, [Old]), new(0, [New])]);
        Assert.Equal([Old, New], targets.All);
        Assert.Equal([Old], targets.Serving);
        Assert.NotEqual(new([new(1, [Old])]), targets);
        Assert.NotEqual(new([new(0, [Old]), new(1, [New])]), targets);
    }

    private static (RouteTarget Old, RouteTarget New) Releases() =>
        (new("old", 1004) { Release = ReleaseId.New() }, new("new", 1005) { Release = ReleaseId.New() });

    private static WeightedTargets Split(int percent) => new([new(100 - percent, [Old, Older]), new(percent, [New])]);
}
