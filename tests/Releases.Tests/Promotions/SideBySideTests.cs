using Releases.Tests.Manifests;
using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>The advice for a service whose old processes end to start new ones is one that can be followed.</summary>
public sealed class SideBySideTests
{
    [Theory]
    [InlineData("singleton: true", "Remove 'singleton'")]
    [InlineData("deployment: { minimum: 0, maximum: 100 }", "Raise 'deployment.maximum' to 200")]
    [InlineData("deployment: { maximum: 150 }", "Raise 'deployment.maximum' to 200")]
    public void What_stands_in_the_way_is_what_is_to_be_changed(string keys, string remedy)
    {
        var service = ReadingManifest.Read($"services: {{ web: {{ {keys} }} }}").Require().Services.Single();
        Assert.False(SideBySide.Allows(service));
        Assert.Equal(remedy, SideBySide.Remedy(service));
        var verified = Assert.Single(ReadingManifest.Read($"services: {{ web: {{ {keys}, verify: ./smoke.sh }} }}").Problems);
        Assert.Equal($"{remedy}, or remove 'verify'.", $"{verified.Remedy}");
    }
}
