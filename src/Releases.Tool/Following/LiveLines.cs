using System.Text;

namespace Releases.Tool;

/// <summary>
/// The last lines that were said, which are drawn over in place: in one write, without erasing first, and as one update for
/// terminals that know such (mode 2026; others pass it over), so that nothing flickers; and only where something changed. The
/// cursor stays below them and shown, so that nothing needs to be put right when the tool is killed.
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
        // A builder would be written piece by piece.
        terminal.Error.Write(text.Append("\e[J").Append(EndUpdate).ToString());
        _drawn = lines;
    }

    /// <summary>Keeps the lines as they are and removes what the terminal itself echoed below them, such as <c>^C</c>.</summary>
    public void Leave() => terminal.Error.Write("\r\e[J");

    /// <summary>How many rows of the screen they take: more than they are where it became narrower. What has scrolled away is out of
    /// reach.</summary>
    private int Rows()
    {
        var width = terminal.Width;
        return Math.Min(_drawn.Sum(l => Math.Max(1, (l.Width + width - 1) / width)), terminal.Height - 1);
    }
}
