using System.Text;

namespace Releases.Local;

/// <summary>
/// The session cookie by which a visitor stays with the release that answered him first, while a promotion has two of them serve. Its value
/// names the promotion as well: what was met in an earlier one says nothing in the next. No app gets to see it.
/// </summary>
internal static class VersionCookie
{
    private static ReadOnlySpan<byte> Prefix => "convox-release-"u8;

    /// <summary>Has the service's name, since cookies know no ports.</summary>
    public static string Name(Route route) => $"convox-release-{route.Name}.{route.App}";

    /// <summary>The value of the header that sets it.</summary>
    public static string Set(Route route, PromotionId promotion, ReleaseId release) =>
        $"{Name(route)}={promotion}.{release}; Path=/; HttpOnly; SameSite=Lax";

    /// <summary>The release that a value names if it is of this promotion.</summary>
    public static ReleaseId? Read(string value, PromotionId promotion) =>
        value.Split('.') is [var of, var release] && of == promotion.ToString() ? ReleaseId.Read(release) : null;

    /// <summary>The value of the service's in a Cookie header; null: it has none.</summary>
    public static string? Find(ReadOnlySpan<byte> header, Route route)
    {
        if (!MayBeIn(header)) return null;
        var name = Encoding.ASCII.GetBytes(Name(route) + "=");
        foreach (var range in header.Split((byte)';'))
            if (header[range].Trim((byte)' ') is var pair && IsOurs(pair) && pair.StartsWith(name))
                return Encoding.ASCII.GetString(pair[name.Length..]);
        return null;
    }

    /// <summary>Whether a Cookie header has one, of whatever service.</summary>
    public static bool IsIn(ReadOnlySpan<byte> header)
    {
        if (!MayBeIn(header)) return false;
        foreach (var range in header.Split((byte)';'))
            if (IsOurs(header[range].Trim((byte)' '))) return true;
        return false;
    }

    /// <summary>The cookies of a Cookie header without any of these; empty if nothing is left.</summary>
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

    /// <summary>By its name and by the form of its value, so that an app's own cookie passes whatever its name.</summary>
    private static bool IsOurs(ReadOnlySpan<byte> pair)
    {
        if (!pair.StartsWith(Prefix)) return false;
        var value = pair[(pair.IndexOf((byte)'=') + 1)..];
        return value.Length == 23 && Encoding.ASCII.GetString(value).Split('.') is [var promotion, var release]
            && PromotionId.TryParse(promotion, null, out _) && ReleaseId.Read(release) is not null;
    }
}
