namespace Releases.Local;

/// <summary>Represents the head of a response.</summary>
internal sealed class ResponseHead : MessageHead
{
    public int Status { get; private set; }

    public bool IsEventStream { get; private set; }

    public bool IsInformational => Status is >= 100 and < 200 and not 101;

    /// <summary>Gets whether the process accepts another request on this connection.</summary>
    public bool Persists => IsHttp11 && !Close;

    public bool IsChunkedBody => IsChunked;

    private bool IsHttp11 { get; set; }

    public override void Clear()
    {
        base.Clear();
        Status = 0;
        IsEventStream = IsHttp11 = false;
    }

    /// <summary>Returns the rest of the first line after the version, as it was received.</summary>
    public ReadOnlySpan<byte> StatusAndReason(ReadOnlySpan<byte> bytes) => bytes["HTTP/1.1 ".Length..FirstLine];

    public Framing Body(RequestHead request)
    {
        if (request.IsHead || Status is 204 or 304 || IsInformational) return Framing.None;
        if (IsChunked) return Framing.Chunked;
        return ContentLength is { } length ? Framing.Counted(length) : Framing.UntilClose;
    }

    protected override void Note(Field field, ReadOnlySpan<byte> bytes)
    {
        base.Note(field, bytes);
        if (field.Kind == FieldKind.ContentType)
            IsEventStream = field.Value(bytes) is { Length: >= 17 } type && FieldNames.Is(type[..17], "text/event-stream"u8);
    }

    protected override void ReadFirstLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' ')
            throw Malformed("something that isn't HTTP/1.1");
        IsHttp11 = line[7] == '1';
        var digits = line[9..12];
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || digits[0] == '0' || (line.Length > 12 && line[12] != ' '))
            throw Malformed("a status that is not one");
        Status = ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0';
    }

    protected override MalformedMessage Malformed(string why) => new(502, why);

    protected override MalformedMessage UnknownCoding() => new(502, "a transfer coding other than 'chunked'");

    protected override MalformedMessage TooLong() => new(502, $"more than {MaxBytes / 1024} KiB of headers");
}
