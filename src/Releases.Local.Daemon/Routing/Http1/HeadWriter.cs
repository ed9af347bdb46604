namespace Releases.Local;

/// <summary>Writes heads and trailers for the next hop: the lines that pass as they came, and the few that are the router's.</summary>
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

    /// <summary>With a line about the client's connection and lines of the router's own, or nothing in their places.</summary>
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

    /// <summary>What may be in trailers of what was sent there: nothing that frames a message or says where it came from.</summary>
    public static void Trailers(ByteWriter to, IReadOnlyList<Field> fields, ReadOnlySpan<byte> bytes)
    {
        foreach (var field in fields)
            if (field.Kind is FieldKind.Other) to.Write(bytes[field.Start..field.End]);
        to.Write("\r\n"u8);
    }

    /// <summary>The cookies beside the router's own, where those were among them.</summary>
    private static void WriteCookies(ByteWriter to, RequestHead head, ReadOnlySpan<byte> bytes)
    {
        foreach (var field in head.Fields)
        {
            if (field.Kind != FieldKind.Cookie || head.IsNominated(field.Name(bytes)) || !VersionCookie.IsIn(field.Value(bytes))) continue;
            var kept = VersionCookie.Without(field.Value(bytes));
            if (kept.Length == 0) continue;
            to.Write("Cookie: "u8);
            to.Write(kept);
            to.Write("\r\n"u8);
        }
    }

    /// <summary>Lines that are neighbours go over as one piece.</summary>
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
        FieldKind.Cookie => !head.IsNominated(field.Name(bytes)) && !VersionCookie.IsIn(field.Value(bytes)),
        FieldKind.Origin => kept.Origin && !head.IsNominated(field.Name(bytes)),
        _ => !head.IsNominated(field.Name(bytes)),
    };

    /// <summary>Which of the fields pass that don't always do.</summary>
    private readonly record struct Kept(bool Upgrade, bool Origin = true, bool Release = true);
}
