namespace Releases;

/// <summary>A number with its noun, as a sentence has it.</summary>
public static class Quantity
{
    /// <summary><c>1 release</c>, <c>2 releases</c>.</summary>
    /// <param name="number">The number.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for several; null: with an s.</param>
    public static string Text(long number, string one, string? many = null) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number} {Noun(number, one, many)}");

    /// <summary>Only the noun, where the number stands elsewhere.</summary>
    public static string Noun(long number, string one, string? many = null) => number == 1 ? one : many ?? one + "s";
}
