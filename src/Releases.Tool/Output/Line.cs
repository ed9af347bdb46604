namespace Releases.Tool;

/// <summary>A line as it is written.</summary>
/// <param name="Text">Its text, with colors where they are wanted.</param>
/// <param name="Width">The columns that it takes on the screen.</param>
internal readonly record struct Line(string Text, int Width)
{
    /// <summary>A line without colors, cut at a width.</summary>
    public static Line Of(string text, int width)
    {
        var cell = ((Cell)text).Cut(width);
        return new(cell.Text, cell.Width);
    }
}
