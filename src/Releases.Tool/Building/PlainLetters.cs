using System.Globalization;
using System.Text;

namespace Releases.Tool;

/// <summary>
/// Replaces Latin letters with the ASCII letters that they are written as where those are missing. The runtime's own decomposition isn't
/// there in a program without globalization data.
/// </summary>
internal static class PlainLetters
{
    private static readonly Dictionary<char, string> Plain = new (string Letters, string Plain)[]
    {
        ("àáâãäåāăą", "a"), ("æ", "ae"), ("çćĉċč", "c"), ("ďđð", "d"), ("èéêëēĕėęě", "e"), ("ĝğġģ", "g"), ("ĥħ", "h"), ("ìíîïĩīĭįı", "i"),
        ("ĵ", "j"), ("ķ", "k"), ("ĺļľŀł", "l"), ("ñńņňŋ", "n"), ("òóôõöøōŏő", "o"), ("œ", "oe"), ("ŕŗř", "r"), ("śŝşšș", "s"), ("ß", "ss"),
        ("ţťŧț", "t"), ("þ", "th"), ("ùúûüũūŭůűų", "u"), ("ŵ", "w"), ("ýÿŷ", "y"), ("źżž", "z"),
    }.SelectMany(p => p.Letters.Select(c => KeyValuePair.Create(c, p.Plain))).ToDictionary();

    /// <summary>
    /// Returns the text in lower case with plain letters and digits, and a hyphen for anything between them; null if a letter has no plain
    /// one.
    /// </summary>
    public static string? Of(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) plain.Append(c);
            else if (Plain.TryGetValue(c, out var letters)) plain.Append(letters);
            else if (char.IsLetterOrDigit(c) || char.IsSurrogate(c)) return null;
            // An accent of its own, as macOS writes it into names of files.
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && plain.Length > 0 && plain[^1] != '-')
                plain.Append('-');
        }

        return plain.ToString().TrimEnd('-');
    }
}
