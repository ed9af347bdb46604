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
    public void What_is_printed_reads_back_as_the_same_value(string value)
    {
        var line = EnvironmentText.Line("KEY", value);
        Assert.Equal([new("KEY", value)], EnvironmentText.Read(new StringReader(line)));
    }

    [Fact]
    public void Blank_lines_comments_and_export_are_left_out() =>
        Assert.Equal(
            [new("A", "1"), new("B", "two words"), new("C", "a\nb"), new("D", "$HOME\\n")],
            EnvironmentText.Read(new StringReader("# a comment\n\nA=1\n  export B=\"two words\" # why\nC='a\nb'\nD='$HOME\\n'\n")));

    [Theory]
    [InlineData("A=1\nSECRETVALUE\n", "Line 2 ")]
    [InlineData("A=\"SECRETVALUE\nB=2\n", "Line 1 ")]
    [InlineData("A='SECRETVALUE' more\n", "Line 1 ")]
    public void What_cannot_be_read_is_refused_by_its_line_without_being_quoted(string text, string line)
    {
        var refused = Assert.Throws<ProblemException>(() => EnvironmentText.Read(new StringReader(text)));
        Assert.StartsWith(line, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRETVALUE", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ProblemKind.Usage, refused.Kind);
    }
}
