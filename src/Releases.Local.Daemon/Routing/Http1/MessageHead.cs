using System.Buffers.Text;

namespace Releases.Local;

/// <summary>
/// Represents what the heads of requests and responses have in common: a first line, fields, and what these say about the connection and
/// the body.
/// </summary>
internal abstract class MessageHead
{
    /// <summary>The router's own limit for a head and for trailers; limits of apps are far lower.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The maximum number of fields that Connection lists, because each field is compared with all of them.</summary>
    private const int MaxNominated = 100;

    private readonly List<Field> _fields = [];
    private int _scanned;

    /// <summary>Gets the length of the head in bytes, including its empty line.</summary>
    public int Length { get; private set; }

    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>Gets whether the sender closes the connection after this message.</summary>
    protected bool Close { get; private set; }

    protected bool KeepAlive { get; private set; }

    /// <summary>Gets whether the sender requests or makes a switch to another protocol.</summary>
    public bool Upgrades { get; private set; }

    /// <summary>Gets whether the sender accepts trailers.</summary>
    public bool TakesTrailers { get; private set; }

    protected bool IsChunked { get; private set; }

    protected long? ContentLength { get; private set; }

    /// <summary>Gets the length of the first line, including its line end.</summary>
    protected int FirstLine { get; private set; }

    /// <summary>Gets whether Content-Length is forwarded: beside chunks it has no meaning (RFC 9112, 6.3).</summary>
    public bool PassesLength => !IsChunked;

    private List<string>? Nominated { get; set; }

    /// <summary>Reads the head, or returns false if it is incomplete.</summary>
    /// <exception cref="MalformedMessage">The head can't be forwarded.</exception>
    public bool TryRead(Span<byte> bytes)
    {
        var from = Math.Max(0, _scanned - 3);
        var end = bytes[from..].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            FieldLines.RequireLineEnds(bytes, _scanned);
            if (bytes.Length > MaxBytes) throw TooLong();
            _scanned = bytes.Length;
            return false;
        }

        Length = from + end + 4;
        if (Length > MaxBytes) throw TooLong();
        Read(bytes[..Length]);
        return true;
    }

    /// <summary>Resets the head before another one is read.</summary>
    public virtual void Clear()
    {
        _fields.Clear();
        (_scanned, Length, FirstLine, ContentLength, Nominated) = (0, 0, 0, null, null);
        Close = KeepAlive = Upgrades = TakesTrailers = IsChunked = false;
    }

    /// <summary>Determines whether Connection lists a field as hop-by-hop. Fields that frame a message can't be listed.</summary>
    public bool IsNominated(ReadOnlySpan<byte> name)
    {
        if (Nominated is null) return false;
        foreach (var nominated in Nominated)
            if (System.Text.Ascii.EqualsIgnoreCase(name, nominated)) return true;
        return false;
    }

    protected abstract MalformedMessage TooLong();

    protected abstract MalformedMessage Malformed(string why);

    protected abstract void ReadFirstLine(ReadOnlySpan<byte> line);

    protected virtual void Note(Field field, ReadOnlySpan<byte> bytes)
    {
        switch (field.Kind)
        {
            case FieldKind.Connection:
                NoteConnection(field.Value(bytes));
                break;
            case FieldKind.Te:
                TakesTrailers |= FieldNames.Has(field.Value(bytes), "trailers"u8);
                break;
            case FieldKind.TransferEncoding:
                if (IsChunked || !FieldNames.Is(field.Value(bytes), "chunked"u8)) throw UnknownCoding();
                IsChunked = true;
                break;
            case FieldKind.ContentLength:
                var value = field.Value(bytes);
                if (ContentLength is not null) throw Malformed("two lengths");
                if (value.Length == 0 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                    || !Utf8Parser.TryParse(value, out long length, out _))
                    throw Malformed("a length that isn't a number");
                ContentLength = length;
                break;
        }
    }

    protected abstract MalformedMessage UnknownCoding();

    private void Read(Span<byte> bytes)
    {
        var line = FieldLines.EndOfLine(bytes);
        if (line < 0) throw Malformed("a line that doesn't end with CR LF");
        FirstLine = line;
        ReadFirstLine(bytes[..(line - 2)]);
        if (!FieldLines.TryRead(bytes, line, _fields, out var why)) throw Malformed(why);
        foreach (var field in _fields)
        {
            if (field.Folded && field.FramesOrRoutes) throw Malformed("a folded line that the router needs");
            Note(field, bytes);
        }
    }

    private void NoteConnection(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            var option = value[range].Trim(" \t"u8);
            if (FieldNames.Is(option, "close"u8)) Close = true;
            else if (FieldNames.Is(option, "keep-alive"u8)) KeepAlive = true;
            else if (FieldNames.Is(option, "upgrade"u8)) Upgrades = true;
            else if (option.Length > 0
                && FieldNames.Kind(option) is FieldKind.Other or FieldKind.Cookie or FieldKind.Release
                    or FieldKind.ContentType or FieldKind.Origin)
                Nominate(option);
        }
    }

    private void Nominate(ReadOnlySpan<byte> name)
    {
        Nominated ??= [];
        if (Nominated.Count == MaxNominated) throw Malformed($"a Connection header that lists more than {MaxNominated} headers");
        Nominated.Add(System.Text.Encoding.Latin1.GetString(name));
    }
}
