using Releases.Testing;
using Xunit;

namespace Releases.Tests.Documents;

/// <summary>The README's first screen says what this is, how to try it, and what its words mean.</summary>
public sealed class ReadmeTests
{
    private const int LinesOfAScreen = 45;

    private static readonly string FirstScreen =
        string.Join('\n', File.ReadLines(Path.Combine(Repository.Root, "README.md")).Take(LinesOfAScreen));

    [Theory]
    [InlineData("git clone")]
    [InlineData("build/demo.sh")]
    [InlineData("build/test.sh")]
    [InlineData("minutes")]
    [InlineData("**Rack:**")]
    [InlineData("**Artifact:**")]
    [InlineData("**Not for you if**")]
    [InlineData("(https://convox.com)")]
    [InlineData("(LICENSE)")]
    [InlineData("\n## Your first deploy\n")]
    public void The_first_screen_has(string what) => Assert.Contains(what, FirstScreen + "\n", StringComparison.Ordinal);
}
