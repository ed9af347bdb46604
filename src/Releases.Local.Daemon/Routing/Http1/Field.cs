namespace Releases.Local;

/// <summary>What a field means to the router.</summary>
internal enum FieldKind
{
    /// <summary>Nothing: it passes as it came.</summary>
    Other,

    Host,
    Connection,

    /// <summary>Of one hop only, whatever Connection says.</summary>
    Hop,

    Te,
    Upgrade,
    TransferEncoding,
    ContentLength,
    ContentType,
    Cookie,

    /// <summary>Asks for a release, or names it.</summary>
    Release,

    /// <summary>Says where a request came from, which only a trusted proxy may.</summary>
    Origin,
}

/// <summary>One line of a head or of trailers, as places in the bytes it was read from.</summary>
internal readonly record struct Field(FieldKind Kind, int Start, int NameLength, int End, bool Folded)
{
    /// <summary>Whether reading it otherwise than the next program does would be dangerous.</summary>
    public bool FramesOrRoutes =>
        Kind is FieldKind.Host or FieldKind.Connection or FieldKind.TransferEncoding or FieldKind.ContentLength or FieldKind.Upgrade;

    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> bytes) => bytes.Slice(Start, NameLength);

    /// <summary>Without the white space around it.</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes) => bytes[(Start + NameLength + 1)..(End - 2)].Trim(" \t"u8);
}
