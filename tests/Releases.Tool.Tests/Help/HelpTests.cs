using System.CommandLine;
using System.CommandLine.Parsing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class HelpTests : Typing
{
    public static TheoryData<string> Lines => [.. EveryCommand.Of(EveryCommand.Root()).Select(CommandPath.Of)];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Each_command_has_the_help_that_was_read(string command)
    {
        Assert.Equal(0, await Type([.. Words(command), "--help"]));
        Assert.Equal("", Talk);
        Assert.All(Data.Split('\n'), line => Assert.True(line.Length <= 80 || line.Contains("dotnet", StringComparison.Ordinal), line));
        if (GoldenFile.Page("help", "help", EveryCommand.PageName(Named(command))) is { } read) Assert.Equal(read, Data);
    }

    [Fact]
    public async Task Each_help_that_was_read_is_of_a_command()
    {
        var pages = new List<(string Name, string Text)>();
        foreach (var command in EveryCommand.Of(EveryCommand.Root()))
        {
            await Type([.. Words(CommandPath.Of(command)), "--help"]);
            pages.Add((EveryCommand.PageName(command), Data));
        }

        GoldenFile.HoldsPages("help", "help", pages);
        GoldenFile.AreAll("help", ["help"]);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_command_has_examples_and_they_can_be_typed(string command)
    {
        var of = Named(command);
        var typed = EveryCommand.Examples(of).ToList();
        Assert.NotEmpty(typed);
        foreach (var words in typed)
        {
            string[] split = [.. CommandLineParser.SplitCommandLine(words)];
            var parsed = EveryCommand.Root().Parse(split);
            Assert.Null(UsageErrors.Find(split, parsed)?.Sentence);
            if (of is not RootCommand) Assert.Equal(of.Name, parsed.CommandResult.Command.Name);
        }
    }

    [Theory]
    [InlineData("help", "convox")]
    [InlineData("help releases info", "releases info")]
    [InlineData("promote -h", "promote")]
    [InlineData("promote v1 --timeout 5m -?", "promote")]
    [InlineData("apps info --help --no-such", "apps info")]
    public async Task It_is_there_in_every_form_in_which_people_ask_for_it(string line, string page)
    {
        Assert.Equal(0, await Type(Words(line)));
        if (GoldenFile.Page("help", "help", page) is { } read) Assert.Equal(read, Data);
    }

    [Fact]
    public async Task A_command_that_is_none_has_no_help()
    {
        Assert.Equal(2, await Type("relases", "--help"));
        Assert.Equal("error CONVOX0032: 'relases' is not a command. Did you mean: dotnet convox releases\n", Talk);
        Assert.Equal(2, await Type("help", "releases", "inf"));
        Assert.Equal("error CONVOX0032: 'inf' is not a command of 'releases'. Did you mean: dotnet convox releases info\n", Talk);
        Assert.Equal("", Data);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(200)]
    public async Task On_a_terminal_it_is_as_wide_as_the_screen(int width)
    {
        await Type(at => (at.Attended, at.Width) = (true, width), "promote", "--help");
        var explanation = Data.Split('\n').SkipWhile(l => l != "OPTIONS").TakeWhile(l => l.Length > 0).ToArray();
        Assert.All(explanation, line => Assert.True(line.Length <= Math.Max(width, 60), line));
        Assert.Equal(width < 100, explanation.Any(l => l.StartsWith("          ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Headings_stand_out_on_a_terminal_that_wants_color()
    {
        await Type(at => (at.Attended, at.Color) = (true, true), "promote", "--help");
        Assert.Contains("\e[1mEXAMPLES\e[0m\n  \e[2m# roll out the latest release\e[0m\n  dotnet convox promote\n", Data,
            StringComparison.Ordinal);
        await Type(at => at.Attended = true, "promote", "--help");
        Assert.DoesNotContain('\e', Data);
    }

    private static Command Named(string command) => EveryCommand.Of(EveryCommand.Root()).Single(c => CommandPath.Of(c) == command);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
