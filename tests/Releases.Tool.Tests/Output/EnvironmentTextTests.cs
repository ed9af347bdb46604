using Xunit;

namespace Releases.Tool.Tests;

public sealed class EnvironmentTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("with spaces, a # and an = in it")]
    [InlineData(" leading and trailing ")]
    [InlineData("two\nlines\r\n")]
    [InlineData("\"quoted\"")]
    [InlineData("'quoted'")]
    [InlineData("""C:\new\table with "quotes" inside""")]
    [InlineData("\n\\n")]
    [InlineData("日本 👍")]
    [InlineData("#FF0000")]
    [InlineData("a# b")]
    [InlineData("a #b")]
    [InlineData("\u00a0no-break")]
    public void What_is_printed_reads_back_as_the_same_value(string value)
    {
        var line = EnvironmentText.Line("KEY", value);
        Assert.Equal([new("KEY", value)], EnvironmentText.Read(new StringReader(line), "it"));
    }

    [Fact]
    public void Blank_lines_comments_and_export_are_left_out() =>
        Assert.Equal(
            [new("A", "1"), new("B", "two words"), new("C", "a\nb"), new("D", "$HOME\\n")],
            EnvironmentText.Read(new StringReader("# a comment\n\nA=1\n  export B=\"two words\" # why\nC='a\nb'\nD='$HOME\\n'\n"), "it"));

    [Theory]
    [InlineData("\uFEFFA=1\r\nB='x\r\ny'\r\n", "1|x\ny")]
    [InlineData("A=  1  \nB= # nothing\n", "1|")]
    [InlineData("A=a b # why\nB=a#b\n", "a b|a#b")]
    [InlineData("export A=#F00\nexport  B=\"a\\\"b\" # why", "#F00|a\"b")]
    [InlineData("A=1\nB=x\nB=2\n", "1|x|2")]
    public void Files_of_other_tools_are_read_as_these_mean_them(string text, string values) =>
        Assert.Equal(values, string.Join('|', EnvironmentText.Read(new StringReader(text), "it").Select(v => v.Value)));

    [Fact]
    public void A_file_of_quotes_that_never_end_is_refused_at_once() =>
        Assert.StartsWith("'x' is larger than", Assert.Throws<ProblemException>(
            () => EnvironmentText.Read(new StringReader("A=\"" + string.Concat(Enumerable.Repeat("a\n", 3_000_000))), "'x'")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("A=1\nSECRETVALUE\n", "line 2 ")]
    [InlineData("A=\"SECRETVALUE\nB=2\n", "line 1 ")]
    [InlineData("A='SECRETVALUE' more\n", "line 1 ")]
    [InlineData("KEY=-----BEGIN PRIVATE KEY-----\nSECRETVALUE+x==\n", "line 2 ")]
    public void What_cannot_be_read_is_refused_by_its_line_without_being_quoted(string text, string line)
    {
        var refused = Assert.Throws<ProblemException>(() => EnvironmentText.Read(new StringReader(text), "standard input"));
        Assert.StartsWith(line, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRETVALUE", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ProblemKind.Usage, refused.Kind);
    }
}
