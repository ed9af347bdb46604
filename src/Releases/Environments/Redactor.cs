namespace Releases;

/// <summary>Replaces values of an environment by <c>****</c> in what is recorded or said.</summary>
/// <param name="values">The values; those shorter than <see cref="ShortestSecret"/> are left alone, as they would blot out ordinary words.</param>
public sealed class Redactor(IEnumerable<string> values)
{
    /// <summary>The length from which a value is replaced.</summary>
    public const int ShortestSecret = 8;

    /// <summary>Longest first, so that a value that holds another one is replaced whole; lines of a value on their own, as they are printed.</summary>
    private readonly string[] _secrets =
    [
        .. values.SelectMany(v => v.Split('\n').Select(l => l.TrimEnd('\r')).Append(v))
            .Where(v => v.Length >= ShortestSecret).Distinct(StringComparer.Ordinal).OrderByDescending(v => v.Length),
    ];

    /// <summary>The text without the values.</summary>
    public string Redact(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, "****", StringComparison.Ordinal);
        return text;
    }
}
