namespace Releases.Local;

/// <summary>How one knows where a body ends.</summary>
internal readonly record struct Framing(FramingKind Kind, long Length)
{
    public static Framing None { get; } = new(FramingKind.Counted, 0);

    public static Framing Chunked { get; } = new(FramingKind.Chunked, 0);

    /// <summary>With the end of the connection.</summary>
    public static Framing UntilClose { get; } = new(FramingKind.UntilClose, 0);

    public static Framing Counted(long length) => new(FramingKind.Counted, length);
}

internal enum FramingKind
{
    Counted,
    Chunked,
    UntilClose,
}
