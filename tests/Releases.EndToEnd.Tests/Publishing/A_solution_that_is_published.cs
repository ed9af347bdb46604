using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

public sealed class A_solution_that_is_published(SolutionPublished solution) : IClassFixture<SolutionPublished>
{
    [Fact]
    public void Makes_one_release_for_each_service_and_none_for_libraries_tests_tools_and_what_is_not_publishable()
    {
        Assert.Equal([1L, 2L, 3L], solution.Releases.Select(r => r.Number));
        Assert.Equal(["front", "mailer", "stock"], solution.Builds.SelectMany(b => b.Artifacts.Keys).Select(s => s.ToString()).Order());
    }

    [Fact]
    public void Has_every_service_in_its_last_release()
    {
        var last = solution.Releases[^1];

        Assert.Empty(last.Missing);
        Assert.Equal(["front", "mailer", "stock"], last.Services.Keys.Order().Select(s => s.ToString()));
        Assert.Equal(3, last.Services.Values.Select(s => s.Build).Distinct().Count());
        Assert.NotEmpty(solution.Releases[0].Missing);
    }

    [Fact]
    public void Says_how_to_promote_the_release_that_has_every_service_and_no_other()
    {
        foreach (var release in solution.Releases)
        {
            var line = Assert.Single(solution.Published.Lines, l => l.Contains($" -> release {release.Id}", StringComparison.Ordinal));
            Assert.Equal(release.Missing.Count == 0, line.Contains("promote it with", StringComparison.Ordinal));
            Assert.All(release.Missing, m => Assert.Contains($"{m}", line.Split("; incomplete: ")[1], StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Warns_at_the_line_of_what_convox_yml_has_and_nothing_uses() =>
        Assert.Contains(solution.Published.Lines, l => l.Contains("convox.yml(1,1): warning CONVOX0002: ", StringComparison.Ordinal));

    [Fact]
    public async Task Is_not_promoted_and_says_to_do_it_afterwards()
    {
        var refused = (await solution.Workspace.Publish("Shop.slnx", "-p:ConvoxPromote=true", "--no-build")).Failed();

        Assert.Contains("error CONVOX0032: a solution publish makes a release per service, so it can't promote", refused.Output,
            StringComparison.Ordinal);
        Assert.Equal(3, (await solution.Workspace.Use(rack => rack.Store.ListReleases(SolutionPublished.App, 10))).Count);
    }
}
