namespace Releases.Tool;

/// <summary>Represents a line of output.</summary>
/// <param name="Text">The text, with color codes if enabled.</param>
/// <param name="Width">The width on the screen, in columns.</param>
internal readonly record struct Line(string Text, int Width)
{
    /// <summary>Creates a line without colors, cut to a width.</summary>
    public static Line Of(string text, int width)
    {
        var cell = ((Cell)text).Cut(width);
        return new(cell.Text, cell.Width);
    }
}
