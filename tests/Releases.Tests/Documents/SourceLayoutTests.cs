using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Documents;

/// <summary>The rules of CONTRIBUTING.md that no analyzer knows.</summary>
public sealed partial class SourceLayoutTests
{
    private const int MaxColumns = 140;
    private const int MaxLines = 300;

    private static readonly IReadOnlyList<(string Path, string[] Lines)> Sources =
    [
        .. new[] { "build", "samples", "src", "tests" }.SelectMany(folder =>
            Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(f => (Path.GetRelativePath(Repository.Root, f), File.ReadAllLines(f))),
    ];

    [Fact]
    public void Lines_of_the_product_have_at_most_140_columns_but_for_text_that_is_printed_as_it_stands()
    {
        Assert.NotEmpty(Sources);
        Assert.Empty(Sources.Where(s => s.Path.StartsWith("src", StringComparison.Ordinal))
            .SelectMany(s => Code(s.Lines).Where(l => l.Text.Length > MaxColumns).Select(l => $"{s.Path}:{l.Number}")));
    }

    [Fact]
    public void No_file_has_more_than_300_lines() =>
        Assert.Empty(Sources.Where(s => s.Lines.Length > MaxLines).Select(s => $"{s.Path}: {s.Lines.Length}"));

    /// <summary>Else a test breaks, now and then, that reads it while another thread writes.</summary>
    [Fact]
    public void Text_that_tests_keep_is_shared_text() => Assert.Equal(
        [], Tests.Where(l => KeptText().IsMatch(l.Text)).Select(l => l.Path)
            .Where(f => Path.GetFileName(f) is not (nameof(SharedText) + ".cs" or nameof(SourceLayoutTests) + ".cs")));

    /// <summary>The same with what the fakes remember, and what the simulators do.</summary>
    [Fact]
    public void Collections_that_fakes_and_simulators_show_can_be_read_while_they_change() => Assert.Equal(
        [], Tests.Where(l => l.Path.Contains("Releases.Testing", StringComparison.Ordinal)
            && !l.Path.Contains("Models", StringComparison.Ordinal) && ShownCollection().IsMatch(l.Text)));

    /// <summary>It is true of the refused request alone, and the message is quoted as the cause of other failures.</summary>
    [Fact]
    public void What_a_problem_left_unchanged_is_no_part_of_its_message() => Assert.Equal(
        [], Sources.Where(s => !s.Path.EndsWith("src/Releases/Problem.cs", StringComparison.Ordinal)
                && new[] { "src/Releases/", "src/Releases.Aws/", "src/Releases.Local" }.Any(s.Path.StartsWith))
            .SelectMany(s => s.Lines.Where(l => Unchanged().IsMatch(l)).Select(l => $"{s.Path}: {l.Trim()}")));

    private static IEnumerable<(string Path, string Text)> Tests => Sources
        .Where(s => s.Path.StartsWith("tests", StringComparison.Ordinal)).SelectMany(s => s.Lines.Select(l => (s.Path, l)));

    [GeneratedRegex(@"\bStringWriter\b|\bToStringBuilder\b|\bTextWriter\.Synchronized\b")]
    private static partial Regex KeptText();

    [GeneratedRegex("""[.;}] Nothing (changed|was [a-z]+)\."|"Nothing was [a-z]+\.",""")]
    private static partial Regex Unchanged();

    /// <summary>Of a class that isn't inside another one, by how far it is indented.</summary>
    [GeneratedRegex(@"^    public (List|Dictionary|HashSet|Queue)<.*> \w+ \{ get; \}")]
    private static partial Regex ShownCollection();

    /// <summary>The lines outside of raw strings of several lines, and of patterns, which can't be broken.</summary>
    private static IEnumerable<(int Number, string Text)> Code(string[] lines)
    {
        var isRaw = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var opens = lines[i].Split("\"\"\"").Length % 2 == 0;
            if (!isRaw && !opens && !lines[i].Contains("[GeneratedRegex(@", StringComparison.Ordinal)) yield return (i + 1, lines[i]);
            isRaw ^= opens;
        }
    }
}
