using System.Buffers;
using System.Text;

namespace Releases.Local;

/// <summary>Identifies fields by name.</summary>
internal static class FieldNames
{
    /// <summary>Gets the characters of a token (RFC 9110, 5.6.2).</summary>
    public static SearchValues<byte> Token { get; } =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public static FieldKind Kind(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when Is(name, "te"u8) => FieldKind.Te,
        4 when Is(name, "host"u8) => FieldKind.Host,
        6 when Is(name, "cookie"u8) => FieldKind.Cookie,
        7 when Is(name, "upgrade"u8) => FieldKind.Upgrade,
        9 when IsOrigin(name, "forwarded"u8) || IsOrigin(name, "x-real-ip"u8) => FieldKind.Origin,
        10 when Is(name, "connection"u8) => FieldKind.Connection,
        10 when Is(name, "keep-alive"u8) => FieldKind.Hop,
        12 when Is(name, "content-type"u8) => FieldKind.ContentType,
        14 when Is(name, "content-length"u8) => FieldKind.ContentLength,
        14 when Is(name, "http2-settings"u8) => FieldKind.Hop,
        16 when Is(name, "proxy-connection"u8) => FieldKind.Hop,
        16 when Is(name, "x-convox-release"u8) => FieldKind.Release,
        17 when Is(name, "transfer-encoding"u8) => FieldKind.TransferEncoding,
        > 12 when IsOrigin(name[..12], "x-forwarded-"u8) => FieldKind.Origin,
        _ => FieldKind.Other,
    };

    /// <summary>Determines whether a list, such as that of Connection, contains a member.</summary>
    public static bool Has(ReadOnlySpan<byte> list, ReadOnlySpan<byte> member)
    {
        foreach (var range in list.Split((byte)','))
            if (Is(list[range].Trim(" \t"u8), member)) return true;
        return false;
    }

    public static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);

    /// <summary>
    /// Determines whether a field states an origin. Underscores count as dashes, because programs with CGI conventions can't distinguish
    /// them.
    /// </summary>
    private static bool IsOrigin(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known)
    {
        for (var i = 0; i < known.Length; i++)
        {
            var (one, other) = (name[i] == '_' ? (byte)'-' : (byte)(name[i] | 0x20), known[i]);
            if (one != other && name[i] != other) return false;
        }

        return true;
    }
}
