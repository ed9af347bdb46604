using System.Buffers;

namespace Releases;

/// <summary>
/// Replaces the secrets of an environment with <c>****</c> in text that is recorded or printed, however they are encoded in it.
/// </summary>
public sealed class Redactor
{
    /// <summary>A shorter secret is replaced only as a whole word; anywhere else it would mask parts of ordinary words.</summary>
    private const int MinLengthAnywhere = 8;

    private const string Mask = "****";

    /// <summary>Sorted longest first, so that a secret that contains another one is replaced whole.</summary>
    private readonly string[] _secrets;
    private readonly SearchValues<string> _any;

    /// <param name="environment">The variables; <see cref="SecretValues"/> decides which of their values are secret.</param>
    public Redactor(IEnumerable<KeyValuePair<string, string>> environment)
    {
        _secrets = [.. environment.SelectMany(v => SecretValues.Find(v.Key, v.Value)).Distinct(StringComparer.Ordinal)
            .SelectMany(EncodedForms.All)
            .Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];
        _any = SearchValues.Create(_secrets, StringComparison.Ordinal);
    }

    /// <summary>Returns the text without the secrets.</summary>
    public string Redact(string text)
    {
        if (_secrets.Length == 0 || text.AsSpan().IndexOfAny(_any) < 0) return text;
        foreach (var secret in _secrets)
            text = secret.Length < MinLengthAnywhere ? RedactWords(text, secret) : text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Returns a command as it is typed, without the secrets: they are replaced before its words are quoted.</summary>
    public string Redact(ProcessCommand command) =>
        Redact((command with { Arguments = [.. command.Arguments.Select(Redact)] }).Quoted);

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
