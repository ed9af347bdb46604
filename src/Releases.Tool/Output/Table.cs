using System.Text;

namespace Releases.Tool;

/// <summary>Rows under headings: columns two spaces apart, padded to the widest cell, the last one not padded.</summary>
internal sealed class Table(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<Cell[]> _rows = [];

    /// <summary>Whether there is nothing under the headings.</summary>
    public bool IsEmpty => _rows.Count == 0;

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Writes it; without headings where none were given.</summary>
    public void Write(ITerminal terminal, WhereTooWide tooWide = WhereTooWide.Wrap)
    {
        var width = terminal.OutIsTerminal && tooWide != WhereTooWide.Wrap ? terminal.Width : int.MaxValue;
        var colored = terminal is { OutIsTerminal: true, Color: true };
        foreach (var line in tooWide == WhereTooWide.Fold ? Folded(colored, width) : Lines(colored, width))
            terminal.Out.WriteLine(line.Text);
    }

    /// <summary>Its lines, cut at a width.</summary>
    public IEnumerable<Line> Lines(bool colored, int width = int.MaxValue)
    {
        var (rows, widths) = Measured();
        return rows.Select(r => LineOf(r, widths, colored, width));
    }

    /// <summary>With so many of the last columns below the one before them that the others fit; nothing is cut.</summary>
    private IEnumerable<Line> Folded(bool colored, int width)
    {
        var (rows, widths) = Measured();
        var beside = Enumerable.Range(1, widths.Length).Reverse().Where(Fits).FirstOrDefault(widths.Length);
        return rows.SelectMany(row => row.Skip(beside).Where(c => c.Text.Length > 0)
            .Select(c => new Line(new string(' ', Below(beside)) + c.Written(colored), Below(beside) + c.Width))
            .Prepend(LineOf([.. row.Take(beside)], widths, colored, int.MaxValue)));

        bool Fits(int count) => Enumerable.Range(0, widths.Length).All(c => (c < count ? Start(c) : Below(count)) + widths[c] <= width);
        int Start(int column) => widths.Take(column).Sum(w => w + Gap.Length);
        int Below(int count) => Start(count - 1) + Gap.Length;
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

/// <summary>What becomes of lines that are wider than a terminal; in a pipe they stay as they are.</summary>
internal enum WhereTooWide
{
    /// <summary>The terminal wraps them.</summary>
    Wrap,

    /// <summary>They end with <c>…</c>: for lists whose last column is prose.</summary>
    Cut,

    /// <summary>The last columns go below the others: for what is copied, such as addresses.</summary>
    Fold,
}
