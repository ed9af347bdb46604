using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Releases.Tool;

/// <summary>One cell of a table.</summary>
/// <param name="Text">What it says, on one line.</param>
/// <param name="Tone">Its colour, where colour is wanted.</param>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(OneLine(text ?? ""));

    /// <summary>The columns that it takes on the screen: two for most CJK characters and emoji, none for combining marks.</summary>
    public int Width => Ascii.IsValid(Text) ? Text.Length : Text.GetCellWidth();

    /// <summary>The text as it is written.</summary>
    public string Written(bool coloured) => coloured ? Tone.Paint(Text) : Text;

    /// <summary>The cell in at most so many columns; what is cut ends with <c>…</c>.</summary>
    public Cell Cut(int width)
    {
        if (Width <= width) return this;
        var kept = new StringBuilder();
        var elements = StringInfo.GetTextElementEnumerator(Text);
        for (var left = width - 1; elements.MoveNext() && (left -= elements.GetTextElement().GetCellWidth()) >= 0;) kept.Append(elements.GetTextElement());
        return this with { Text = kept.ToString().TrimEnd() + "…" };
    }

    /// <summary>
    /// The text with every control character as a space: a description may have come from anywhere, and must neither
    /// break the table nor command the terminal.
    /// </summary>
    public static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
