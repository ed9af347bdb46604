using System.Text;

namespace Releases.Tool;

/// <summary>
/// Redraws the last lines on the terminal in place. To avoid flicker, changed lines are written at once without erasing first, as a
/// synchronized update (mode 2026, which other terminals ignore). The cursor stays visible below the lines, so that nothing needs to be
/// restored if the tool is killed.
/// </summary>
internal sealed class LiveLines(ITerminal terminal)
{
    private const string BeginUpdate = "\e[?2026h";
    private const string EndUpdate = "\e[?2026l";

    private IReadOnlyList<Line> _drawn = [];

    public void Draw(IReadOnlyList<Line> lines)
    {
        if (lines.SequenceEqual(_drawn)) return;
        var text = new StringBuilder(BeginUpdate).Append('\r');
        if (Rows() is > 0 and var rows) text.Append($"\e[{rows}A");
        foreach (var line in lines) text.Append(line.Text).Append("\e[K\n");
        // A StringBuilder would be written chunk by chunk.
        terminal.Error.Write(text.Append("\e[J").Append(EndUpdate).ToString());
        _drawn = lines;
    }

    /// <summary>Keeps the lines and erases what the terminal echoed below them, such as <c>^C</c>.</summary>
    public void Leave() => terminal.Error.Write("\r\e[J");

    /// <summary>
    /// Returns how many rows of the screen the lines take: more than their number if the terminal became narrower. Rows that have scrolled
    /// away can't be redrawn.
    /// </summary>
    private int Rows()
    {
        var width = terminal.Width;
        return Math.Min(_drawn.Sum(l => Math.Max(1, (l.Width + width - 1) / width)), terminal.Height - 1);
    }
}
