using System.Diagnostics.CodeAnalysis;

namespace Releases.Local;

/// <summary>
/// Parses the lines of a head or of trailers strictly by RFC 9112: differences between two programs' parsing allow request smuggling.
/// </summary>
internal static class FieldLines
{
    /// <summary>
    /// Returns the index after the CR LF that ends the line at the start, or -1 if the line contains another CR, LF or NUL.
    /// </summary>
    public static int EndOfLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        return end >= 0 && end + 1 < bytes.Length && bytes[end] == '\r' && bytes[end + 1] == '\n' ? end + 2 : -1;
    }

    /// <summary>Reads the lines up to the empty line at the end of the bytes. A folded line is unfolded in place (RFC 9112, 5.2).</summary>
    public static bool TryRead(Span<byte> bytes, int start, List<Field> fields, [NotNullWhen(false)] out string? why)
    {
        while (true)
        {
            var end = EndOfLine(bytes[start..]);
            if (end < 0) return No("a line that doesn't end with CR LF", out why);
            if (end == 2)
            {
                why = null;
                return start + 2 == bytes.Length || No("an empty line in its head", out why);
            }

            end += start;
            var folded = false;
            while (bytes[end] is (byte)' ' or (byte)'\t')
            {
                folded = true;
                bytes[end - 2] = bytes[end - 1] = (byte)' ';
                var rest = EndOfLine(bytes[end..]);
                if (rest < 0) return No("a line that doesn't end with CR LF", out why);
                end += rest;
            }

            var name = bytes[start..end].IndexOf((byte)':');
            if (name <= 0 || bytes.Slice(start, name).ContainsAnyExcept(FieldNames.Token)) return No("an invalid header name", out why);
            fields.Add(new(FieldNames.Kind(bytes.Slice(start, name)), start, name, end, folded));
            start = end;
        }
    }

    /// <summary>Fails at once for a line that ends with LF alone, because a reader that waits for CR LF would wait forever.</summary>
    /// <exception cref="MalformedMessage">A line ends with LF alone.</exception>
    public static void RequireLineEnds(ReadOnlySpan<byte> bytes, int from)
    {
        for (var at = from; ; at++)
        {
            var next = bytes[at..].IndexOf((byte)'\n');
            if (next < 0) return;
            at += next;
            if (at == 0 || bytes[at - 1] != '\r') throw new MalformedMessage(400, "a line that doesn't end with CR LF");
        }
    }

    private static bool No(string reason, out string? why)
    {
        why = reason;
        return false;
    }
}
