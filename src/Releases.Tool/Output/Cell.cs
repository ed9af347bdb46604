using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Releases.Tool;

/// <summary>Represents a cell of a table.</summary>
/// <param name="Text">The text, on one line.</param>
/// <param name="TextStyle">The style, for terminals with color.</param>
internal readonly record struct Cell(string Text, TextStyle TextStyle = TextStyle.Plain)
{
    /// <summary>Gets the text on one line, without characters that could act on a terminal.</summary>
    public string Text { get; init; } = SafeText.Line(Text);

    /// <summary>Returns a text on one line, without characters that could act on a terminal.</summary>
    public static string OneLine(string text) => SafeText.Line(text);

    public static implicit operator Cell(string? text) => new(text ?? "");

    /// <summary>Gets the width on the screen, in columns: two for most CJK characters and emoji, none for combining marks.</summary>
    public int Width => Ascii.IsValid(Text) ? Text.Length : Text.GetCellWidth();

    /// <summary>Returns the text, with its style if colored.</summary>
    public string Written(bool colored) => colored ? TextStyle.Paint(Text) : Text;

    /// <summary>Returns the cell cut to a width; a cut text ends with <c>…</c>.</summary>
    public Cell Cut(int width)
    {
        if (Width <= width) return this;
        var kept = new StringBuilder();
        var elements = StringInfo.GetTextElementEnumerator(Text);
        for (var left = width - 1; elements.MoveNext() && (left -= elements.GetTextElement().GetCellWidth()) >= 0;)
            kept.Append(elements.GetTextElement());
        return this with { Text = kept.ToString().TrimEnd() + "…" };
    }
}
