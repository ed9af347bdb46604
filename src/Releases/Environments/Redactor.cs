using System.Buffers;

namespace Releases;

/// <summary>Replaces the secrets of an environment by <c>****</c> in what is recorded or printed, however they are encoded there.</summary>
public sealed class Redactor
{
    /// <summary>A shorter secret is only replaced as a word of its own, because it would mask parts of ordinary words.</summary>
    private const int MinLengthAnywhere = 8;

    private const string Mask = "****";

    /// <summary>Longest first, so that a secret that holds another one is replaced whole.</summary>
    private readonly string[] _secrets;
    private readonly SearchValues<string> _any;

    /// <param name="environment">The variables; which of their values are secrets, <see cref="SecretValues"/> decides.</param>
    public Redactor(IEnumerable<KeyValuePair<string, string>> environment)
    {
        _secrets = [.. environment.SelectMany(v => SecretValues.Find(v.Key, v.Value)).Distinct(StringComparer.Ordinal)
            .SelectMany(EncodedForms.All)
            .Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];
        _any = SearchValues.Create(_secrets, StringComparison.Ordinal);
    }

    /// <summary>The text without the secrets.</summary>
    public string Redact(string text)
    {
        if (_secrets.Length == 0 || text.AsSpan().IndexOfAny(_any) < 0) return text;
        foreach (var secret in _secrets)
            text = secret.Length < MinLengthAnywhere ? RedactWords(text, secret) : text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }

    private static string RedactWords(string text, string secret)
    {
        for (int at = 0; (at = text.IndexOf(secret, at, StringComparison.Ordinal)) >= 0;)
        {
            var end = at + secret.Length;
            var alone = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (alone) text = string.Concat(text.AsSpan(0, at), Mask, text.AsSpan(end));
            at += alone ? Mask.Length : 1;
        }

        return text;
    }
}
