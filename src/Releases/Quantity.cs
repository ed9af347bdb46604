namespace Releases;

/// <summary>Formats a number with its noun for a sentence.</summary>
public static class Quantity
{
    /// <summary>Returns the number with its noun: <c>1 release</c>, <c>2 releases</c>.</summary>
    /// <param name="number">The number.</param>
    /// <param name="one">The singular noun.</param>
    /// <param name="many">The plural noun; the singular with an s if null.</param>
    public static string Text(long number, string one, string? many = null) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number} {Noun(number, one, many)}");

    /// <summary>Returns only the noun, for a number that appears elsewhere.</summary>
    public static string Noun(long number, string one, string? many = null) => number == 1 ? one : many ?? one + "s";
}
