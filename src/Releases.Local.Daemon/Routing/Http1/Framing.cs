namespace Releases.Local;

/// <summary>Represents how the end of a body is determined.</summary>
internal readonly record struct Framing(FramingKind Kind, long Length)
{
    public static Framing None { get; } = new(FramingKind.Counted, 0);

    public static Framing Chunked { get; } = new(FramingKind.Chunked, 0);

    /// <summary>Gets the framing of a body that ends with the connection.</summary>
    public static Framing UntilClose { get; } = new(FramingKind.UntilClose, 0);

    public static Framing Counted(long length) => new(FramingKind.Counted, length);
}

internal enum FramingKind
{
    Counted,
    Chunked,
    UntilClose,
}
