using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Documents;

/// <summary>Every link of a document leads to a file of the repository, and to a heading that is in it.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Documents =>
    [
        .. ((string[])["", "docs", "samples", "src"])
            .SelectMany(f => Directory.EnumerateFiles(
                Path.Combine(Repository.Root, f), "*.md", f.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Select(p => Path.GetRelativePath(Repository.Root, p))
            .Where(p => !p.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        var path = Path.Combine(Repository.Root, document);
        var links = Link().Matches(Code().Replace(File.ReadAllText(path), ""))
            .Select(m => m.Groups["to"].Value)
            .Where(l => !l.Contains("://", StringComparison.Ordinal));
        Assert.All(links, link =>
        {
            var (file, heading) = link.Split('#') is [var f, var h] ? (f, h) : (link, null);
            var target = file.Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, file);
            Assert.True(File.Exists(target), $"{document} links to {link}, but {target} doesn't exist.");
            if (heading is not null) Assert.Contains(heading, Headings(File.ReadAllText(target)));
        });
    }

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    public void Files_that_are_named_exist(string document)
    {
        var named = Source().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(m => m.Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.All(named, p => Assert.True(Path.Exists(Path.Combine(Repository.Root, p)), $"{document} names {p}, which doesn't exist."));
    }

    [Fact]
    public void What_is_named_in_a_file_is_in_it()
    {
        var named = Member().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md")));
        Assert.True(named.Count > 5, $"{named.Count} were found");
        Assert.All(named, m => Assert.Contains(
            m.Groups["member"].Value, File.ReadAllText(Path.Combine(Repository.Root, m.Groups["file"].Value)), StringComparison.Ordinal));
    }

    /// <summary>The headings of a page as links name them: lower case, words joined by hyphens, without punctuation.</summary>
    private static IEnumerable<string> Headings(string text) => Heading().Matches(text)
        .Select(m => Punctuation().Replace(m.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();

    /// <summary>Built programs aside, which are there only once they are built.</summary>
    [GeneratedRegex(@"\b(?:src|tests|build|docs)/(?![\w./-]*/bin/)[\w./-]*\w")]
    private static partial Regex Source();

    /// <summary>A file and what to look for in it: <c>src/Releases/Problem.cs (`ProblemKind`)</c>.</summary>
    [GeneratedRegex(@"(?<file>src/[\w./-]+\.cs) \(`(?<member>\w+)`\)")]
    private static partial Regex Member();
}
