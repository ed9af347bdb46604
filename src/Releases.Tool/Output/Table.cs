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
    public void Write(ITerminal terminal)
    {
        Cell[][] lines = headings.Length > 0 ? [[.. headings.Select(h => new Cell(h))], .. _rows] : [.. _rows];
        var columns = lines.Max(l => l.Length);
        var widths = Enumerable.Range(0, columns).Select(c => lines.Max(l => c < l.Length ? l[c].Width : 0)).ToArray();
        var coloured = terminal is { OutIsTerminal: true, Colour: true };
        foreach (var line in lines) terminal.Out.WriteLine(Line(line, widths, coloured));
    }

    private static string Line(Cell[] cells, int[] widths, bool coloured)
    {
        var last = Array.FindLastIndex(cells, c => c.Text.Length > 0);
        return string.Join(Gap, cells.Take(last + 1).Select((cell, i) =>
            (coloured ? cell.Tone.Paint(cell.Text) : cell.Text) + (i == last ? "" : new string(' ', widths[i] - cell.Width))));
    }
}
