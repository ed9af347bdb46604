using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Releases;

/// <summary>
/// Limits how much of a process's output a record keeps, so that it stays small (on AWS, below the limit of 400 KB per item) however long
/// the lines are. Omitted text is shown as <c>…</c>.
/// </summary>
public static class KeptOutput
{
    /// <summary>Twenty lines, and those that are kept of a crash.</summary>
    private const int MaxLines = 24;

    /// <summary>The maximum size of one line in bytes.</summary>
    private const int MaxLineBytes = 2000;

    /// <summary>
    /// The maximum size of all lines in bytes. If it is exceeded, each line gets the same share, so that the first and the last line are
    /// kept.
    /// </summary>
    private const int MaxBytes = 8 * 1024;

    /// <summary>The maximum size of a reason in bytes.</summary>
    private const int MaxReasonBytes = 2000;

    private const string LeftOut = "…";

    /// <summary>
    /// Returns the last lines, each truncated, without secrets. Secrets are replaced before a line is truncated, because half a secret
    /// wouldn't be recognized.
    /// </summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<string> printed, Redactor redactor)
    {
        List<string> lines = [.. printed.TakeLast(MaxLines).Select(l => Cut(redactor.Redact(l), MaxLineBytes))];
        return lines.Sum(Encoding.UTF8.GetByteCount) <= MaxBytes ? lines : [.. lines.Select(l => Cut(l, MaxBytes / lines.Count))];
    }

    /// <summary>Truncates a sentence that may quote a message of any length.</summary>
    public static string Reason(string text) => Cut(text, MaxReasonBytes);

    /// <summary>Truncates a sentence, without secrets.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Reason(string? text, Redactor redactor) =>
        text is null ? null : Reason(redactor.Redact(text));

    /// <summary>Truncates a text to a size in bytes, never within a character.</summary>
    internal static string Cut(string text, int most)
    {
        if (Encoding.UTF8.GetByteCount(text) <= most) return text;
        var (kept, bytes) = (0, Encoding.UTF8.GetByteCount(LeftOut));
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > most) break;
            kept += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, kept), LeftOut);
    }
}
