using System.Diagnostics.CodeAnalysis;

namespace Releases.Local;

/// <summary>
/// Takes the lines of a head or of trailers apart, by the letter of RFC 9112: what one program reads otherwise than the
/// next is how requests are smuggled past the first.
/// </summary>
internal static class FieldLines
{
    /// <summary>Where the line that begins here ends, behind its CR LF; -1 where it has a CR, LF or NUL that is no such end.</summary>
    public static int EndOfLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        return end >= 0 && end + 1 < bytes.Length && bytes[end] == '\r' && bytes[end + 1] == '\n' ? end + 2 : -1;
    }

    /// <summary>
    /// Reads from here to the empty line with which the bytes end. A folded line is made one line, in its place (RFC 9112, 5.2).
    /// </summary>
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

    /// <summary>Refuses at once a line that ends with LF alone: a reader that waits for the CR LF would wait forever.</summary>
    /// <exception cref="MalformedMessage">It does.</exception>
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
