using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Releases.Tool;

/// <summary>One cell of a table.</summary>
/// <param name="Text">What it says, on one line.</param>
/// <param name="TextStyle">Its color, where color is wanted.</param>
internal readonly record struct Cell(string Text, TextStyle TextStyle = TextStyle.Plain)
{
    /// <summary>On one line, and harmless wherever it came from.</summary>
    public string Text { get; init; } = SafeText.Line(Text);

    /// <summary>The same for a text that is no cell.</summary>
    public static string OneLine(string text) => SafeText.Line(text);

    public static implicit operator Cell(string? text) => new(text ?? "");

    /// <summary>The columns that it takes on the screen: two for most CJK characters and emoji, none for combining marks.</summary>
    public int Width => Ascii.IsValid(Text) ? Text.Length : Text.GetCellWidth();

    /// <summary>The text as it is written.</summary>
    public string Written(bool colored) => colored ? TextStyle.Paint(Text) : Text;

    /// <summary>The cell in at most so many columns; what is cut ends with <c>…</c>.</summary>
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
