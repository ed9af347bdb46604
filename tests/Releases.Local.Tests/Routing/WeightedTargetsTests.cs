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

    [Fact]
    public void A_share_is_spread_and_does_not_come_in_one_burst()
    {
        var targets = Split(25);
        foreach (var ten in Enumerable.Range(0, 100).Chunk(10))
            Assert.InRange(ten.Count(turn => targets.Choose((uint)turn)[0] == New), 2, 3);
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

    private static WeightedTargets Split(int percent) => new([new(100 - percent, [Old, Older]), new(percent, [New])]);
}
