using System.Buffers;

namespace Releases;

/// <summary>
/// Determines whether a text reads as a setting: any mixture of words, host names, regions, paths, addresses, versions, numbers and times.
/// Letters of mixed case combined with digits, as in keys and tokens, don't.
/// </summary>
internal static class ReadableText
{
    private const int MaxWordLength = 16;
    private const int MaxNumberLength = 5;
    private const int MaxUnitLength = 3;
    private const int MaxConsonantsInARow = 5;
    private const int MaxHumps = 3;

    /// <summary>Characters that occur in passwords and encoded text, but seldom in settings.</summary>
    private static readonly SearchValues<char> Unusual = SearchValues.Create("%$^\"`{}\\");

    public static bool IsSetting(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny(Unusual)) return false;
        var isNumber = !text.ContainsAnyInRange('A', 'z');
        for (var at = 0; at < text.Length; at++)
        {
            var from = at;
            while (at < text.Length && char.IsLetterOrDigit(text[at])) at++;
            if (at > from && !(isNumber && IsDigits(text[from..at])) && !IsWord(text[from..at])) return false;
        }

        return true;
    }

    /// <summary>Matches a word, a number, or both: <c>web</c>, <c>8080</c>, <c>utf8</c>, <c>30s</c>.</summary>
    private static bool IsWord(ReadOnlySpan<char> token)
    {
        var letters = token.TrimEnd("0123456789");
        var digits = token.TrimStart("0123456789");
        if (letters.Length < token.Length && letters.Length > 0 && digits.Length < token.Length && digits.Length > 0) return false;
        if (letters.IsEmpty) return token.Length <= MaxNumberLength;
        if (letters.Length < token.Length) return token.Length - letters.Length <= MaxNumberLength && IsLetters(letters);
        if (digits.Length < token.Length)
            return token.Length - digits.Length <= MaxNumberLength && digits.Length <= MaxUnitLength && IsLetters(digits);
        return IsLetters(token);
    }

    /// <summary>Matches a pronounceable word in one case, capitalized, or several such words run together.</summary>
    private static bool IsLetters(ReadOnlySpan<char> word)
    {
        var (length, cluster, humps, acronyms) = (0, 0, 0, 0);
        var isUpper = !word.ContainsAnyInRange('a', 'z');
        for (var i = 0; i < word.Length; i++)
        {
            if (!char.IsLetter(word[i])) return false;
            var begins = i > 0 && char.IsUpper(word[i]) && !char.IsUpper(word[i - 1]);
            // A hump of one letter isn't a word: aBcDeF.
            if (begins && length < 2) return false;
            if (begins) humps++;
            if (i > 0 && char.IsUpper(word[i]) && char.IsUpper(word[i - 1]) && (i == 1 || !char.IsUpper(word[i - 2]))) acronyms++;
            length = begins ? 1 : length + 1;
            cluster = char.IsAscii(word[i]) && !"aeiouyAEIOUY".Contains(word[i], StringComparison.Ordinal) ? cluster + 1 : 0;
            if (length > MaxWordLength || cluster > MaxConsonantsInARow) return false;
        }

        return (length > 1 || word.Length == 1) && humps <= MaxHumps && (isUpper || acronyms <= 1);
    }

    private static bool IsDigits(ReadOnlySpan<char> token) => !token.ContainsAnyExceptInRange('0', '9');
}
