using Releases.Testing;
using Xunit;

namespace Releases.Tests.Documents;

/// <summary>CHANGELOG.md begins with the version that the packages have.</summary>
public sealed class ChangeLogTests
{
    [Fact]
    public void Its_newest_section_is_of_the_version_that_is_built() => Assert.Contains(
        File.ReadLines(Path.Combine(Repository.Root, "CHANGELOG.md")).First(l => l.StartsWith("## ", StringComparison.Ordinal)),
        new[] { $"## {ToolVersion.Text}", $"## {ToolVersion.Text} (unreleased)" });
}
