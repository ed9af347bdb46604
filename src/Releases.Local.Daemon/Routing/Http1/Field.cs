namespace Releases.Local;

/// <summary>Specifies the meaning of a field to the router.</summary>
internal enum FieldKind
{
    /// <summary>The field has no meaning, and is forwarded unchanged.</summary>
    Other,

    Host,
    Connection,

    /// <summary>The field is hop-by-hop, whatever Connection lists.</summary>
    Hop,

    Te,
    Upgrade,
    TransferEncoding,
    ContentLength,
    ContentType,
    Cookie,

    /// <summary>The field requests or names a release.</summary>
    Release,

    /// <summary>The field states where a request came from, which only a trusted proxy may do.</summary>
    Origin,
}

/// <summary>Represents a line of a head or trailers, as positions in the bytes that it was read from.</summary>
internal readonly record struct Field(FieldKind Kind, int Start, int NameLength, int End, bool Folded)
{
    /// <summary>Gets whether it would be dangerous if the next program interpreted the field differently.</summary>
    public bool FramesOrRoutes =>
        Kind is FieldKind.Host or FieldKind.Connection or FieldKind.TransferEncoding or FieldKind.ContentLength or FieldKind.Upgrade;

    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> bytes) => bytes.Slice(Start, NameLength);

    /// <summary>Returns the value without surrounding white space.</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes) => bytes[(Start + NameLength + 1)..(End - 2)].Trim(" \t"u8);
}
