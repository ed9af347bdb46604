using System.CommandLine;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>docs/commands.md has every command and every option of the tool, and no document shows a command that doesn't exist.</summary>
public sealed partial class CommandPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "commands.md"));

    public static TheoryData<string> Lines =>
        [.. EveryCommand.Of(EveryCommand.Root()).Where(c => c is not RootCommand && c.Action is not null).Select(CommandPath.Of)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_page_has_the_command_and_its_options(string line)
    {
        Assert.Matches($@"`{Regex.Escape(line)}[`\s|\\]", Page);
        Assert.All(EveryCommand.Of(EveryCommand.Root()).Single(c => CommandPath.Of(c) == line).Options,
            o => Assert.Contains(o.Name, Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_command_that_a_document_or_the_readme_shows_is_one()
    {
        var first = EveryCommand.Root().Subcommands.Select(c => c.Name).Append("help").ToHashSet();
        var shown = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Append(Path.Combine(Repository.Root, "README.md"))
            .SelectMany(f => Shown().Matches(File.ReadAllText(f)).Select(m => (File: Path.GetFileName(f), Word: m.Groups["word"].Value)))
            .ToList();
        Assert.True(shown.Count > 20);
        Assert.All(shown, s => Assert.Contains(s.Word, first));
    }

    [GeneratedRegex("dotnet[ -]convox (?<word>[a-z]+)")]
    private static partial Regex Shown();
}
