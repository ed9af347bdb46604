using Xunit;

namespace Releases.Tests;

public sealed class ToolVersionTests
{
    [Fact]
    public void Versions_are_compared_by_their_numbers()
    {
        var mine = Version.Parse(ToolVersion.Text.Split('-')[0]);
        Assert.True(ToolVersion.IsBelow($"{mine.Major}.{mine.Minor}.{mine.Build + 1}"));
        Assert.True(ToolVersion.IsBelow($"{mine.Major}.{mine.Minor + 10}.0-preview.1+7329df9"));
        Assert.False(ToolVersion.IsBelow(ToolVersion.Text));
        Assert.False(ToolVersion.IsBelow("0.0.9"));
        Assert.False(ToolVersion.IsBelow("not a version"));
    }
}
