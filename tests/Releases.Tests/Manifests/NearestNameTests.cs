using Xunit;

namespace Releases.Tests.Manifests;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("wbe", "web")]
    [InlineData("prot", "port")]
    [InlineData("WEB", "web")]
    [InlineData("worker2", "worker")]
    [InlineData("we", "web")]
    [InlineData("ab", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("database", null)]
    public void Only_a_name_that_has_something_in_common_is_taken_for_the_one_that_was_meant(string text, string? meant) =>
        Assert.Equal(meant, NearestName.Find(text, ["cd", "e", "web", "worker", "port"]));

    [Theory]
    [InlineData("-v", null)]
    [InlineData("-P", "-p")]
    [InlineData("--promte", "--promote")]
    public void Hyphens_are_nothing_in_common(string text, string? meant) =>
        Assert.Equal(meant, NearestName.Find(text, ["-a", "-p", "--promote"]));
}
