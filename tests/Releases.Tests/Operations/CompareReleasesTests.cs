using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

public sealed class CompareReleasesTests : OperationScenario
{
    [Fact]
    public async Task One_release_is_compared_with_the_active_one_as_promoting_it_would_change_that()
    {
        var active = await Active();
        var next = await Rack.Store.Release(cancel: Cancel);
        var comparison = await new CompareReleases(Context).Run(await App(), next.Id, null, Cancel);
        Assert.Equal((active.Id, next.Id), (comparison.From!.Id, comparison.To.Id));
    }

    [Fact]
    public async Task Two_are_compared_in_the_order_in_which_they_are_named()
    {
        var (one, two) = (await Active(), await Active());
        var comparison = await new CompareReleases(Context).Run(await App(), two.Id, one.Id, Cancel);
        Assert.Equal((two.Id, one.Id), (comparison.From!.Id, comparison.To.Id));
    }

    [Fact]
    public async Task Without_an_active_release_one_has_nothing_to_be_compared_with()
    {
        await Rack.Store.App(cancel: Cancel);
        var release = await Rack.Store.Release(cancel: Cancel);
        var problem = await Refused(async () => await new CompareReleases(Context).Run(await App(), release.Id, null, Cancel));
        Assert.Equal((ProblemCode.Nothing, "Compare two releases: dotnet convox releases diff v1 v2"), (problem.Code, problem.Remedy?.ToString()));
        var fromNothing = await new CompareReleases(Context).Between(null, release, Cancel);
        Assert.All(fromNothing.Services, s => Assert.Equal(ServiceChange.Added, s.Change));
    }

    [Theory]
    [InlineData("a: 1\n", "a: 1", true)]
    [InlineData("a: 1\n", "a: 2\n", false)]
    [InlineData("a:\n  b: 1\n", "a:\nb: 1\n", false)]
    public async Task An_indentation_of_convox_yml_is_a_difference_and_the_end_of_its_last_line_none(string from, string to, bool same)
    {
        var release = await Active();
        Assert.Equal(same, new ReleaseComparison(release, release, [], EnvironmentChange.Between(EnvironmentSet.Empty,
            EnvironmentSet.Empty), from, to).IsSame);
    }
}
