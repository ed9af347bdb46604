using Releases.Testing;
using Xunit;

namespace Releases.Tests.Documents;

/// <summary>
/// The packages' names aren't reserved on nuget.org, so no document lets NuGet choose between it and the feed that has them: a higher
/// version there would win.
/// </summary>
public sealed class PackageSourceTests
{
    private static readonly IReadOnlyList<(string Path, string Text)> Documents =
    [
        .. ((string[])["", "docs", "samples", "build"])
            .SelectMany(f => Directory.EnumerateFiles(
                Path.Combine(Repository.Root, f), "*.md", f.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Select(p => (Path.GetRelativePath(Repository.Root, p), File.ReadAllText(p))),
    ];

    [Fact]
    public void No_document_adds_a_source_to_those_that_are_configured()
    {
        Assert.Contains(Documents, d => d.Path == Path.Combine("build", "package", "Releases.Tool.md"));
        Assert.Equal([], Documents.Where(d => d.Text.Contains("--add-source", StringComparison.Ordinal)).Select(d => d.Path));
    }

    [Fact]
    public void A_feed_beside_others_is_shown_with_the_packages_that_come_from_it_alone()
    {
        var withFeed = Documents.Where(d => d.Text.Contains("nuget add source", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(withFeed);
        Assert.All(withFeed, d =>
        {
            Assert.Contains("<packageSourceMapping>", d.Text, StringComparison.Ordinal);
            Assert.Contains("""<package pattern="dotnet-convox*" />""", d.Text, StringComparison.Ordinal);
            Assert.Contains("""<package pattern="Releases.Tasks" />""", d.Text, StringComparison.Ordinal);
        });
    }
}
