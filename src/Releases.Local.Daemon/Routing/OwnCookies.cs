namespace Releases.Local;

/// <summary>
/// Removes this product's own cookies from requests to apps: the router's, and those of the console. Browsers send a host's cookies to
/// all of its ports, and with the session's an app could do whatever the console's user can.
/// </summary>
internal static class OwnCookies
{
    private static ReadOnlySpan<byte> Prefix => "convox-"u8;

    /// <summary>The beginning of the names of all of the console's cookies.</summary>
    private static ReadOnlySpan<byte> Console => "convox-console-"u8;

    /// <summary>Determines whether a Cookie header has such a cookie.</summary>
    public static bool IsIn(ReadOnlySpan<byte> header)
    {
        if (header.IndexOf(Prefix) < 0) return false;
        foreach (var range in header.Split((byte)';'))
            if (IsOurs(header[range].Trim((byte)' '))) return true;
        return false;
    }

    /// <summary>Returns a Cookie header without such cookies; empty if nothing is left.</summary>
    public static byte[] Without(ReadOnlySpan<byte> header)
    {
        using var kept = new ByteWriter();
        foreach (var range in header.Split((byte)';'))
        {
            var pair = header[range].Trim((byte)' ');
            if (pair.Length == 0 || IsOurs(pair)) continue;
            if (kept.Length > 0) kept.Write("; "u8);
            kept.Write(pair);
        }

        return kept.Written.ToArray();
    }

    private static bool IsOurs(ReadOnlySpan<byte> pair) => pair.StartsWith(Console) || VersionCookie.Is(pair);
}
