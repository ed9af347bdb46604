using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tests;

/// <summary>Every code is explained to people, and some test has seen it raised.</summary>
public sealed partial class ErrorCodeTests
{
    /// <summary>By class and name, wherever they are declared: the core has those of every rack, and a rack its own.</summary>
    private static readonly Dictionary<string, string> Codes = SourceFiles("src")
        .SelectMany(f => Declared().Matches(File.ReadAllText(f)).Select(m => (Class: Path.GetFileNameWithoutExtension(f), Code: m)))
        .ToDictionary(c => $"{c.Class}.{c.Code.Groups[1].Value}", c => c.Code.Groups[2].Value);

    private static readonly Lazy<string[]> Assertions = new(() =>
    [
        .. SourceFiles("tests").SelectMany(f => Asserted.In(File.ReadAllText(f))),
    ]);

    public static TheoryData<string> Names => [.. Codes.Keys];

    [Fact]
    public void The_core_and_the_rack_on_AWS_declare_codes() =>
        Assert.Equal(["AwsProblemCode", "ProblemCode"], Codes.Keys.Select(c => c.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_code_has_a_line_on_the_page_of_errors_and_every_line_a_code()
    {
        var page = Path.Combine(Repository.Root, "docs", "errors.md");
        var listed = File.ReadLines(page).Where(l => l.StartsWith("| CONVOX", StringComparison.Ordinal))
            .Select(l => l.Split('|')[1].Trim());
        Assert.Equal(Codes.Values.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void A_code_of_what_may_soon_be_over_is_never_given_without_its_kind_because_it_would_not_be_retried()
    {
        var files = SourceFiles("src").ToDictionary(f => f, File.ReadAllText);
        Assert.Contains(files.Values, text => text.Contains("Problem.Unavailable(", StringComparison.Ordinal));
        Assert.Equal([], files.Where(f => WithoutKind().IsMatch(f.Value)).Select(f => f.Key));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_code_is_expected_by_an_assertion_of_some_test(string name) => Assert.True(
        Assertions.Value.Any(a => Asserted.Expects(a, name, Codes[name])),
        $"No assertion expects {Codes[name]} ({name}): add a test that raises it.");

    [Theory]
    [InlineData("Assert.Equal(ProblemCode.Made, problem.Code);", true)]
    [InlineData("Assert.StartsWith(\"error CONVOX9999: \", Talk);", true)]
    [InlineData("[InlineData(\"promote\", \"CONVOX9999\")] public void Is(string code) => Assert.Contains(code, Talk);", true)]
    [InlineData("// Assert.Equal(ProblemCode.Made, problem.Code);", false)]
    [InlineData("Assert.DoesNotContain(\"CONVOX9999\", Talk);", false)]
    [InlineData("Assert.NotEqual(ProblemCode.Made, problem.Code);", false)]
    [InlineData("Assert.Equal(ProblemCode.MadeUp, problem.Code);", false)]
    [InlineData("var made = new Problem(ProblemCode.Made, \"x\"); Assert.Equal(1, 1);", false)]
    [InlineData("throw new Problem(ProblemCode.Made, \"CONVOX9999\").ToException();", false)]
    public void What_counts_as_one_is_an_assertion_and_no_mention(string source, bool counts) =>
        Assert.Equal(counts, Asserted.In(source).Any(a => Asserted.Expects(a, "ProblemCode.Made", "CONVOX9999")));

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    [GeneratedRegex(@"new(?: Problem)?\(\s*ProblemCode\.(?:Unavailable|Unreachable|StoreBusy)\b")]
    private static partial Regex WithoutKind();

    [GeneratedRegex("""const string (\w+) = "(CONVOX[0-9]{4})";""")]
    private static partial Regex Declared();
}
