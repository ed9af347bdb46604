using Xunit;

namespace Releases.Tool.Tests;

public sealed class RackAddressTests
{
    [Theory]
    [InlineData("local", "local")]
    [InlineData("local:/srv/convox", "local:/srv/convox")]
    [InlineData("local:/srv/convox/", "local:/srv/convox")]
    [InlineData("local:../rack", "local:/srv/rack")]
    [InlineData("aws://eu-west-1/production", "aws://eu-west-1/production")]
    [InlineData("aws://us-gov-west-1/My_Cluster-2/", "aws://us-gov-west-1/My_Cluster-2")]
    public void An_address_is_read_and_written(string text, string written) =>
        Assert.Equal(written, KnownRacks.All.Parse(text, "/srv/app").ToString());

    [Theory]
    [InlineData("")]
    [InlineData("Local")]
    [InlineData("local:")]
    [InlineData("locale")]
    [InlineData("aws")]
    [InlineData("aws://eu-west-1")]
    [InlineData("aws://production")]
    [InlineData("aws://eu-west-1/a/b")]
    [InlineData("aws://EU-WEST-1/production")]
    [InlineData("https://example.org")]
    public void What_is_no_address_is_wrong_usage(string text)
    {
        var problem = Assert.Throws<ProblemException>(() => KnownRacks.All.Parse(text, "/"));
        Assert.True(problem.Is(ProblemCode.RackAddress));
        Assert.Equal(ProblemKind.Usage, problem.Kind);
    }
}
