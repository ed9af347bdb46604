namespace Releases.Local;

/// <summary>Writes heads and trailers for the next hop: the lines that are forwarded unchanged, and the few of the router's own.</summary>
internal static class HeadWriter
{
    public static void Request(
        ByteWriter to, RequestHead head, ReadOnlySpan<byte> bytes, ForwardedHeaders forwarded, ReadOnlySpan<byte> client)
    {
        to.Write(head.Line(bytes));
        WriteLines(to, head, bytes, new(Upgrade: head.WantsUpgrade, Origin: forwarded.IsBehindProxy));
        if (head.MayChooseProcess) WriteCookies(to, head, bytes);
        if (head.Body.Kind == FramingKind.Chunked) to.Write("Transfer-Encoding: chunked\r\n"u8);
        if (head.WantsUpgrade) to.Write("Connection: Upgrade\r\n"u8);
        else if (head is { TakesTrailers: true, IsHttp11: true }) to.Write("TE: trailers\r\nConnection: TE\r\n"u8);
        forwarded.Write(to, head, bytes, client);
        to.Write("\r\n"u8);
    }

    /// <summary>
    /// Writes the head of a response, with a Connection line for the client and lines of the router's own, each of which may be empty.
    /// </summary>
    public static void Response(
        ByteWriter to, ResponseHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> connection, ReadOnlySpan<byte> own)
    {
        to.Write("HTTP/1.1 "u8);
        to.Write(head.StatusAndReason(bytes));
        var upgrades = head.Status is 101 or 426;
        WriteLines(to, head, bytes, new(upgrades, Release: own.IndexOf("X-Convox-Release"u8) < 0));
        if (head.IsChunkedBody) to.Write("Transfer-Encoding: chunked\r\n"u8);
        if (upgrades) to.Write("Connection: Upgrade\r\n"u8);
        to.Write(connection);
        to.Write(own);
        to.Write("\r\n"u8);
    }

    /// <summary>Writes the trailers that may be forwarded: none that frame a message or state its origin.</summary>
    public static void Trailers(ByteWriter to, IReadOnlyList<Field> fields, ReadOnlySpan<byte> bytes)
    {
        foreach (var field in fields)
            if (field.Kind is FieldKind.Other) to.Write(bytes[field.Start..field.End]);
        to.Write("\r\n"u8);
    }

    /// <summary>Writes the Cookie fields that contain this product's own cookies, without these.</summary>
    private static void WriteCookies(ByteWriter to, RequestHead head, ReadOnlySpan<byte> bytes)
    {
        foreach (var field in head.Fields)
        {
            if (field.Kind != FieldKind.Cookie || head.IsNominated(field.Name(bytes)) || !OwnCookies.IsIn(field.Value(bytes))) continue;
            var kept = OwnCookies.Without(field.Value(bytes));
            if (kept.Length == 0) continue;
            to.Write("Cookie: "u8);
            to.Write(kept);
            to.Write("\r\n"u8);
        }
    }

    /// <summary>Writes the lines that pass; adjacent ones are copied as one block.</summary>
    private static void WriteLines(ByteWriter to, MessageHead head, ReadOnlySpan<byte> bytes, Kept kept)
    {
        var (start, end) = (0, 0);
        for (var i = 0; i < head.Fields.Count; i++)
        {
            var field = head.Fields[i];
            if (!Passes(head, field, bytes, kept)) continue;
            if (field.Start != end)
            {
                to.Write(bytes[start..end]);
                start = field.Start;
            }

            end = field.End;
        }

        to.Write(bytes[start..end]);
    }

    private static bool Passes(MessageHead head, Field field, ReadOnlySpan<byte> bytes, Kept kept) => field.Kind switch
    {
        FieldKind.Connection or FieldKind.Hop or FieldKind.Te or FieldKind.TransferEncoding => false,
        FieldKind.Upgrade => kept.Upgrade,
        FieldKind.ContentLength => head.PassesLength,
        FieldKind.Host => true,
        FieldKind.Release => kept.Release && !head.IsNominated(field.Name(bytes)),
        FieldKind.Cookie => !head.IsNominated(field.Name(bytes)) && !OwnCookies.IsIn(field.Value(bytes)),
        FieldKind.Origin => kept.Origin && !head.IsNominated(field.Name(bytes)),
        _ => !head.IsNominated(field.Name(bytes)),
    };

    /// <summary>Specifies which of the conditional fields pass.</summary>
    private readonly record struct Kept(bool Upgrade, bool Origin = true, bool Release = true);
}
