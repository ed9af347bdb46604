using Xunit;

namespace Releases.Tool.Tests;

public sealed class TableTests
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void Columns_are_two_spaces_apart_and_padded_to_the_widest_cell_but_for_the_last() =>
        Assert.Equal(
            """
            ID    STATUS  TEXT
            R1    active  short
            R222          a longer text

            """,
            Written(["ID", "STATUS", "TEXT"], ["R1", "active", "short"], ["R222", "", "a longer text"]));

    [Fact]
    public void A_line_whose_last_cells_are_empty_has_no_spaces_at_its_end() =>
        Assert.Equal("A  B  C\n1\n", Written(["A", "B", "C"], ["1", "", ""]));

    [Theory]
    [InlineData("日本", "日本  x")]
    [InlineData("👍🏽", "👍🏽    x")]
    [InlineData("👨‍👩‍👧", "👨‍👩‍👧    x")]
    [InlineData("e\u0301", "e\u0301     x")]
    [InlineData("abcd", "abcd  x")]
    public void Widths_count_the_columns_of_the_screen(string cell, string line) =>
        Assert.Equal($"HEAD  B\n{line}\n", Written(["HEAD", "B"], [cell, "x"]));

    [Fact]
    public void Control_characters_neither_break_a_line_nor_reach_the_terminal() =>
        Assert.Equal("A\none two  [31mred\n", Written(["A"], ["one\ntwo\t\e[31mred"]));

    [Fact]
    public void Color_is_for_a_terminal_that_wants_it_and_changes_no_width()
    {
        Assert.Equal("S       B\nactive  x\n", Written(["S", "B"], [new("active", TextStyle.Good), "x"]));
        _terminal.Attended = true;
        Assert.Equal("S       B\nactive  x\n", Written(["S", "B"], [new("active", TextStyle.Good), "x"]));
        _terminal.Color = true;
        Assert.Equal("S       B\n\e[32mactive\e[0m  x\n", Written(["S", "B"], [new("active", TextStyle.Good), "x"]));
    }

    [Fact]
    public void A_list_is_cut_at_the_width_of_a_terminal_and_never_in_a_pipe()
    {
        Cell[] row = [new("R1", TextStyle.Good), "日本語 was published from main"];
        Assert.Equal("A   B\nR1  日本語 was published from main\n", Cut());
        (_terminal.Attended, _terminal.Width) = (true, 20);
        Assert.Equal("A   B\nR1  日本語 was publ…\n", Cut());
        _terminal.Width = 10;
        Assert.Equal("A   B\nR1  日本…\n", Cut());
        _terminal.Width = 2;
        Assert.Equal("A \nR1\n", Cut());

        string Cut() => Written(["A", "B"], WhereTooWide.Cut, row);
    }

    [Fact]
    public void Addresses_are_folded_below_at_a_terminal_and_never_cut()
    {
        Cell[] row = ["web", "R1", "http://web", "http://127"];
        (_terminal.Attended, _terminal.Width) = (true, 32);
        Assert.Equal("S    REL  URL         DIRECT\nweb  R1   http://web  http://127\n", Folded());
        _terminal.Width = 31;
        Assert.Equal("S    REL  URL\n            DIRECT\nweb  R1   http://web\n            http://127\n", Folded());
        _terminal.Width = 20;
        Assert.Equal("S    REL\n       URL\n       DIRECT\nweb  R1\n       http://web\n       http://127\n", Folded());
        _terminal.Width = 5;
        Assert.Equal("S\n  REL\n  URL\n  DIRECT\nweb\n  R1\n  http://web\n  http://127\n", Folded());
        (_terminal.Attended, _terminal.Width) = (false, 20);
        Assert.Equal("S    REL  URL         DIRECT\nweb  R1   http://web  http://127\n", Folded());

        string Folded() => Written(["S", "REL", "URL", "DIRECT"], WhereTooWide.Fold, row);
    }

    [Fact]
    public void Many_columns_are_moved_below_with_their_headings()
    {
        Cell[] first = ["web", "R1", "1024", "", "3 ms"];
        Cell[] second = ["worker", "R2", "7", "1", ""];
        (_terminal.Attended, _terminal.Width) = (true, 33);
        Assert.Equal("S       REL  REQUESTS  5XX  P50\nweb     R1   1024           3 ms\nworker  R2   7         1\n", Labeled());
        _terminal.Width = 31;
        Assert.Equal("S       REL  REQUESTS  5XX\nweb     R1   1024\n  P50  3 ms\nworker  R2   7         1\n", Labeled());
        _terminal.Width = 16;
        Assert.Equal("S       REL\nweb     R1\n  REQUESTS  1024\n  P50       3 ms\nworker  R2\n  REQUESTS  7\n  5XX       1\n", Labeled());
        _terminal.Width = 13;
        // What is wider than the terminal below, too, is left to it.
        Assert.Equal("S       REL\nweb     R1\n  REQUESTS  1024\n  P50       3 ms\nworker  R2\n  REQUESTS  7\n  5XX       1\n", Labeled());
        (_terminal.Attended, _terminal.Width) = (false, 16);
        Assert.Equal("S       REL  REQUESTS  5XX  P50\nweb     R1   1024           3 ms\nworker  R2   7         1\n", Labeled());

        string Labeled() => Written(["S", "REL", "REQUESTS", "5XX", "P50"], WhereTooWide.Label, first, second);
    }

    private string Written(string[] headings, params Cell[][] rows) => Written(headings, WhereTooWide.Wrap, rows);

    private string Written(string[] headings, WhereTooWide tooWide, params Cell[][] rows)
    {
        var table = new Table(headings);
        foreach (var row in rows) table.Add(row);
        _terminal.Data.Clear();
        table.Write(_terminal, tooWide);
        return _terminal.Data.ToString();
    }
}
