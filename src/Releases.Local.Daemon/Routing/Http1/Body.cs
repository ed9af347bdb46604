namespace Releases.Local;

/// <summary>
/// Tracks a body as it is forwarded, to determine how many of the bytes read belong to it. Chunks are forwarded unchanged once they are
/// validated.
/// </summary>
internal sealed class Body
{
    /// <summary>The maximum length of a chunk's first line, including its extensions.</summary>
    private const int MaxLineBytes = 16 * 1024;

    private Framing _framing;
    private long _left;
    private Part _part;

    private enum Part
    {
        Data,
        EndOfData,
        Line,
        Trailers,
        Done,
    }

    public bool IsDone => _part == Part.Done;

    /// <summary>Gets whether the last chunk has been accepted, and trailers or the empty line come next.</summary>
    public bool IsAtTrailers => _part == Part.Trailers;

    public bool EndsWithConnection => _framing.Kind == FramingKind.UntilClose;

    public void Begin(Framing framing)
    {
        (_framing, _left) = (framing, framing.Length);
        _part = framing switch
        {
            { Kind: FramingKind.Chunked } => Part.Line,
            { Kind: FramingKind.Counted, Length: 0 } => Part.Done,
            _ => Part.Data,
        };
    }

    /// <summary>Ends the body, because the connection has ended or the trailers have been read.</summary>
    public void End() => _part = Part.Done;

    /// <summary>Returns how many of these bytes can be forwarded now, or 0 if more have to be read first.</summary>
    /// <exception cref="MalformedMessage">The chunks are malformed.</exception>
    public int Accept(ReadOnlySpan<byte> bytes)
    {
        if (EndsWithConnection) return bytes.Length;
        var accepted = 0;
        while (accepted < bytes.Length && _part is not (Part.Done or Part.Trailers))
        {
            var now = AcceptPart(bytes[accepted..]);
            if (now == 0) break;
            accepted += now;
        }

        return accepted;
    }

    private int AcceptPart(ReadOnlySpan<byte> bytes)
    {
        switch (_part)
        {
            case Part.Data:
                var data = (int)Math.Min(_left, bytes.Length);
                _left -= data;
                if (_left == 0) _part = _framing.Kind == FramingKind.Chunked ? Part.EndOfData : Part.Done;
                return data;
            case Part.EndOfData:
                if (bytes.Length < 2) return 0;
                if (!bytes.StartsWith("\r\n"u8)) throw new MalformedMessage(400, "a chunk that is longer than its size");
                _part = Part.Line;
                return 2;
            default:
                return AcceptLine(bytes);
        }
    }

    private int AcceptLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            if (bytes.Length > MaxLineBytes) throw new MalformedMessage(400, "a chunk header that doesn't end");
            return 0;
        }

        if (FieldLines.EndOfLine(bytes) != end + 1) throw new MalformedMessage(400, "a chunk header that doesn't end with CR LF");
        _left = Size(bytes[..(end - 1)]);
        _part = _left == 0 ? Part.Trailers : Part.Data;
        return end + 1;
    }

    private static long Size(ReadOnlySpan<byte> line)
    {
        long size = 0;
        var digits = 0;
        for (; digits < line.Length && Digit(line[digits]) is >= 0 and var digit; digits++) size = (size << 4) | (uint)digit;
        var extension = line[digits..].TrimStart(" \t"u8);
        // 15 digits, so that the number can't be read as negative.
        if (digits is 0 or > 15 || (extension.Length == 0 ? digits < line.Length : extension[0] != ';'))
            throw new MalformedMessage(400, "a chunk size that isn't a number");
        return size;
    }

    private static int Digit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };
}
