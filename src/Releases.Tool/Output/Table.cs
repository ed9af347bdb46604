using System.Text;

namespace Releases.Tool;

/// <summary>
/// Represents a table: rows under headings, columns two spaces apart and padded to the widest cell, except for the last one.
/// </summary>
internal sealed class Table(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<Cell[]> _rows = [];

    /// <summary>Gets whether the table has no rows.</summary>
    public bool IsEmpty => _rows.Count == 0;

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Writes the table, without headings if it has none.</summary>
    public void Write(ITerminal terminal, WhereTooWide tooWide = WhereTooWide.Wrap)
    {
        var width = terminal.OutIsTerminal && tooWide != WhereTooWide.Wrap ? terminal.Width : int.MaxValue;
        var colored = terminal is { OutIsTerminal: true, Color: true };
        var lines = tooWide switch
        {
            WhereTooWide.Fold => Folded(colored, width),
            WhereTooWide.Label => Labeled(colored, width),
            _ => Lines(colored, width),
        };
        foreach (var line in lines) terminal.Out.WriteLine(line.Text);
    }

    /// <summary>Returns the lines, cut to a width.</summary>
    public IEnumerable<Line> Lines(bool colored, int width = int.MaxValue)
    {
        var (rows, widths) = Measured();
        return rows.Select(r => LineOf(r, widths, colored, width));
    }

    /// <summary>
    /// Returns the lines with as many of the last columns moved below the others as needed to fit the width; nothing is cut.
    /// </summary>
    private IEnumerable<Line> Folded(bool colored, int width)
    {
        var (rows, widths) = Measured();
        var beside = Beside(widths, width, Fits);
        return rows.SelectMany(row => row.Skip(beside).Where(c => c.Text.Length > 0)
            .Select(c => new Line(new string(' ', Below(beside)) + c.Written(colored), Below(beside) + c.Width))
            .Prepend(LineOf([.. row.Take(beside)], widths, colored, int.MaxValue)));

        bool Fits(int count) => widths.Skip(count).All(w => Below(count) + w <= width);
        int Below(int count) => widths.Take(count - 1).Sum(w => w + Gap.Length) + Gap.Length;
    }

    /// <summary>
    /// Returns the lines with as many of the last columns moved below the others as needed, each value after its heading; nothing is cut.
    /// </summary>
    private IEnumerable<Line> Labeled(bool colored, int width)
    {
        var (rows, widths) = Measured();
        var beside = Beside(widths, width, Fits);
        return rows.SelectMany((row, number) => row.Zip(headings).Skip(beside).Where(c => number > 0 && c.First.Text.Length > 0)
            .Select(c => new Line(
                Gap + c.Second.PadRight(Label(beside)) + Gap + c.First.Written(colored), Value(beside) + c.First.Width))
            .Prepend(LineOf([.. row.Take(beside)], widths, colored, int.MaxValue)));

        bool Fits(int count) => _rows.SelectMany(r => r.Skip(count)).All(c => Value(count) + c.Width <= width);
        int Label(int count) => headings.Skip(count).Select(h => h.Length).DefaultIfEmpty().Max();
        int Value(int count) => Gap.Length + Label(count) + Gap.Length;
    }

    /// <summary>
    /// Returns how many columns stay beside each other: as many as possible, so that what moves below them fits too. If one of those is
    /// wider than the terminal anyway, the terminal wraps it.
    /// </summary>
    private static int Beside(int[] widths, int width, Func<int, bool> fitsBelow)
    {
        var fitting = Enumerable.Range(1, widths.Length).Reverse()
            .Where(count => widths.Take(count).Sum(w => w + Gap.Length) - Gap.Length <= width).DefaultIfEmpty(1).ToList();
        return fitting.Find(count => fitsBelow(count)) is > 0 and var whole ? whole : fitting[0];
    }

    private (Cell[][] Rows, int[] Widths) Measured()
    {
        Cell[][] rows = headings.Length > 0 ? [[.. headings.Select(h => new Cell(h))], .. _rows] : [.. _rows];
        return (rows, [.. Enumerable.Range(0, rows.Max(r => r.Length)).Select(c => rows.Max(r => c < r.Length ? r[c].Width : 0))]);
    }

    private static Line LineOf(Cell[] cells, int[] widths, bool colored, int width)
    {
        var last = Array.FindLastIndex(cells, c => c.Text.Length > 0);
        var (text, at) = (new StringBuilder(), 0);
        for (var i = 0; i <= last && at < width; i++)
        {
            var cell = cells[i].Cut(width - at);
            text.Append(cell.Written(colored));
            at += cell.Width;
            if (i == last) break;
            var gap = Math.Min(widths[i] - cell.Width + Gap.Length, width - at);
            text.Append(' ', gap);
            at += gap;
        }

        return new(text.ToString(), at);
    }
}

/// <summary>Specifies how to treat lines that are wider than the terminal; in a pipe they are left as they are.</summary>
internal enum WhereTooWide
{
    /// <summary>Let the terminal wrap them.</summary>
    Wrap,

    /// <summary>Cut them with <c>…</c>, for lists whose last column is prose.</summary>
    Cut,

    /// <summary>Move the last columns below the others, for values to copy such as addresses.</summary>
    Fold,

    /// <summary>The same with headings before the values, for many columns.</summary>
    Label,
}
