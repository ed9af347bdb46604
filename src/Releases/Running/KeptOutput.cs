using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Releases;

/// <summary>
/// Limits how much of a process's output a record keeps, so that it stays small (on AWS below the 400 KB of an item) however long a
/// line is. Omitted text is shown as <c>…</c>.
/// </summary>
public static class KeptOutput
{
    /// <summary>Twenty, and what is kept of a crash.</summary>
    private const int MaxLines = 24;

    /// <summary>Bytes of one line.</summary>
    private const int MaxLineBytes = 2000;

    /// <summary>Bytes of all lines: where it is passed, each line gets the same share, so that the first and the last one stay.</summary>
    private const int MaxBytes = 8 * 1024;

    /// <summary>Bytes of a sentence that says why.</summary>
    private const int MaxReasonBytes = 2000;

    private const string LeftOut = "…";

    /// <summary>The last lines, each cut at its end, without secrets: those go before anything is cut, as half a secret is not
    /// found.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<string> printed, Redactor redactor)
    {
        List<string> lines = [.. printed.TakeLast(MaxLines).Select(l => Cut(redactor.Redact(l), MaxLineBytes))];
        return lines.Sum(Encoding.UTF8.GetByteCount) <= MaxBytes ? lines : [.. lines.Select(l => Cut(l, MaxBytes / lines.Count))];
    }

    /// <summary>A sentence that may quote a message of any length.</summary>
    public static string Reason(string text) => Cut(text, MaxReasonBytes);

    /// <summary>The same without secrets.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Reason(string? text, Redactor redactor) =>
        text is null ? null : Reason(redactor.Redact(text));

    /// <summary>Never inside a character.</summary>
    private static string Cut(string text, int most)
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
