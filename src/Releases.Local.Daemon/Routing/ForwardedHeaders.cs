using System.Text;

namespace Releases.Local;

/// <summary>
/// Writes the headers that tell an app where a request came from. The router is the edge, so it replaces what clients claim; if the rack is
/// configured behind a proxy, that proxy is trusted, and its values are kept or extended.
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

    /// <summary>Determines whether a decoded HTTP/2 header is such a claim.</summary>
    public static bool IsOrigin(string name) => FieldNames.Kind(Encoding.Latin1.GetBytes(name)) == FieldKind.Origin;
}
