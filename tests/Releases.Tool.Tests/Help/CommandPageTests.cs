using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>docs/commands.md has every command with its options, and what a document shows can be typed.</summary>
public sealed partial class CommandPageTests
{
    private static readonly string[] Sections =
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "commands.md")).Split("\n## ")[1..];

    private static readonly IReadOnlyList<string> Names =
        [.. EveryCommand.Of(EveryCommand.Root()).Where(c => c is not RootCommand && c.Action is not null).Select(CommandPath.Of)];

    public static TheoryData<string> Lines => [.. Names];

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_page_has_the_command_and_its_options(string line)
    {
        var own = Sections.Where(s => Regex.IsMatch(s, $@"`{Regex.Escape(line)}[`\s|\\]")).ToList();
        Assert.NotEmpty(own);
        if (own.Exists(s => OptionsOfPromote().IsMatch(s))) own.Add(Sections.Single(s => s.StartsWith("Promote ", StringComparison.Ordinal)));
        var text = string.Concat(own);
        Assert.All(EveryCommand.Of(EveryCommand.Root()).Single(c => CommandPath.Of(c) == line).Options,
            o => Assert.Matches($@"[`\s\[|]{o.Name}(?![\w-])", text));
    }

    [Fact]
    public void Every_command_that_a_document_or_the_readme_shows_can_be_typed()
    {
        var shown = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Append(Path.Combine(Repository.Root, "README.md"))
            .SelectMany(f => Shown().Matches(Text(f)).Select(m => (File: Path.GetFileName(f), Words: m.Groups["words"].Value.Trim())))
            .Where(s => s.Words is not ("" or "…") && !Names.Contains(s.Words))
            .ToList();
        Assert.True(shown.Count > 100);
        Assert.All(shown, s =>
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(s.Words.Replace('\'', '"'))];
            if (words is ["help", .. var about]) words = [.. about, "--help"];
            words = PassthroughArguments.Guard(words, w => EveryCommand.Root().Parse(w));
            Assert.Null(UsageErrors.Find(words, EveryCommand.Root().Parse(words))?.Sentence);
        });
    }

    /// <summary>Returns the text of a document, with an argument in the place of what a shell or a person puts there.</summary>
    private static string Text(string file) => Substituted().Replace(
        File.ReadAllText(file).Replace("\\\n", " ", StringComparison.Ordinal).Replace("<command>", "releases", StringComparison.Ordinal), "v1");

    [GeneratedRegex(@"the\s+options\s+of\s+`promote`")]
    private static partial Regex OptionsOfPromote();

    /// <summary>Matches what follows the program up to the end of the command, but not the package's id in <c>dotnet tool</c>.</summary>
    [GeneratedRegex("""(?<!tool \w+( --?\S+)* )dotnet[ -]convox (?<words>("[^"\n]*"|'[^'\n]*'|[^|>)"'`#\n])*)""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Shown();

    [GeneratedRegex(@"<[a-z]+>|\$\{\{.*?\}\}|\$\((?!dotnet)[^)\n]*\)")]
    private static partial Regex Substituted();
}
