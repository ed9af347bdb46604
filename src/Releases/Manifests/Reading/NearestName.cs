namespace Releases;

/// <summary>Finds the name that a misspelled one probably meant.</summary>
public static class NearestName
{
    /// <summary>
    /// Returns the key with the smallest edit distance, if it is close enough to be a misspelling; the first one if several are equally
    /// close.
    /// </summary>
    public static string? Find(string text, IEnumerable<string> keys) => keys
        .Select(key => (Key: key, Distance: Distance(text, key), Shorter: Math.Min(Letters(text), Letters(key))))
        // Of names with no letter in common, however short they are, none is a misspelling of the other. Hyphens are in every option.
        .Where(c => c.Distance <= Math.Max(2, c.Shorter / 3) && c.Distance < c.Shorter)
        .OrderBy(c => c.Distance)
        .Select(c => c.Key)
        .FirstOrDefault();

    /// <summary>
    /// Returns the remedy for a name that doesn't exist: the name that was probably meant, then how to list the existing ones.
    /// </summary>
    public static Remedy Hint(string text, IEnumerable<string> keys, Remedy otherwise) =>
        Find(text, keys) is { } near ? new Remedy([new($"Did you mean {near}?"), .. otherwise.Steps]) : otherwise;

    private static int Letters(string text) => text.Count(char.IsLetterOrDigit);

    /// <summary>Returns the Levenshtein distance, ignoring case.</summary>
    internal static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 16) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                var next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                (diagonal, row[j]) = (row[j], next);
            }
        }

        return row[^1];
    }
}
