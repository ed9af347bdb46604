using System.Text;

namespace Releases.Local;

/// <summary>
/// What an app learns about where a request came from. The router is where the outside ends, so it replaces what a client
/// claims; if the rack is configured behind a proxy, that proxy knows better, and is added to.
/// </summary>
internal sealed record ForwardedHeaders(bool IsBehindProxy)
{
    public void Write(ByteWriter to, RequestHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> client)
    {
        to.Write("X-Forwarded-For: "u8);
        to.Write(client);
        to.Write("\r\n"u8);
        if (!IsBehindProxy || !Has(head, bytes, "x-forwarded-proto"u8)) to.Write("X-Forwarded-Proto: http\r\n"u8);
        if (head.HostValue.Length == 0 || (IsBehindProxy && Has(head, bytes, "x-forwarded-host"u8))) return;
        to.Write("X-Forwarded-Host: "u8);
        to.Write(head.HostValue);
        to.Write("\r\n"u8);
    }

    private static bool Has(RequestHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name)
    {
        foreach (var field in head.Fields)
            if (field.Kind == FieldKind.Origin && FieldNames.Is(field.Name(bytes), name)) return true;
        return false;
    }

    /// <summary>Whether a header of HTTP/2, which has been decoded, is such a claim.</summary>
    public static bool IsOrigin(string name) => FieldNames.Kind(Encoding.Latin1.GetBytes(name)) == FieldKind.Origin;
}
