using System.Text;

namespace Releases.Local;

/// <summary>
/// Defines the session cookie that keeps a visitor with the release that first answered, while a promotion has two of them serve. Its value
/// also names the promotion, so that it doesn't affect the next one. Apps never see it.
/// </summary>
internal static class VersionCookie
{
    private static ReadOnlySpan<byte> Prefix => "convox-release-"u8;

    /// <summary>Returns the name of the cookie, which contains the service's, because cookies ignore ports.</summary>
    public static string Name(Route route) => $"convox-release-{route.Name}.{route.App}";

    /// <summary>Returns the value of the header that sets the cookie.</summary>
    public static string Set(Route route, PromotionId promotion, ReleaseId release) =>
        $"{Name(route)}={promotion}.{release}; Path=/; HttpOnly; SameSite=Lax";

    /// <summary>Returns the release in a value if it is of this promotion; otherwise null.</summary>
    public static ReleaseId? Read(string value, PromotionId promotion) =>
        value.Split('.') is [var of, var release] && of == promotion.ToString() ? ReleaseId.Read(release) : null;

    /// <summary>Returns the value of the service's cookie in a Cookie header, or null if there is none.</summary>
    public static string? Find(ReadOnlySpan<byte> header, Route route)
    {
        if (!MayBeIn(header)) return null;
        var name = Encoding.ASCII.GetBytes(Name(route) + "=");
        foreach (var range in header.Split((byte)';'))
            if (header[range].Trim((byte)' ') is var pair && IsOurs(pair) && pair.StartsWith(name))
                return Encoding.ASCII.GetString(pair[name.Length..]);
        return null;
    }

    /// <summary>Determines whether a Cookie header has such a cookie, of any service.</summary>
    public static bool IsIn(ReadOnlySpan<byte> header)
    {
        if (!MayBeIn(header)) return false;
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

    private static bool MayBeIn(ReadOnlySpan<byte> header) => header.IndexOf(Prefix) >= 0;

    /// <summary>
    /// Determines whether a cookie is the router's, by its name and the format of its value, so that an app's own cookie passes whatever
    /// its name.
    /// </summary>
    private static bool IsOurs(ReadOnlySpan<byte> pair)
    {
        if (!pair.StartsWith(Prefix)) return false;
        var value = pair[(pair.IndexOf((byte)'=') + 1)..];
        return value.Length == 23 && Encoding.ASCII.GetString(value).Split('.') is [var promotion, var release]
            && PromotionId.TryParse(promotion, null, out _) && ReleaseId.Read(release) is not null;
    }
}
