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
        if (header.IndexOf(Prefix) < 0) return null;
        var name = Encoding.ASCII.GetBytes(Name(route) + "=");
        foreach (var range in header.Split((byte)';'))
            if (header[range].Trim((byte)' ') is var pair && Is(pair) && pair.StartsWith(name))
                return Encoding.ASCII.GetString(pair[name.Length..]);
        return null;
    }

    /// <summary>
    /// Determines whether a cookie is the router's, by its name and the format of its value, so that an app's own cookie passes whatever
    /// its name.
    /// </summary>
    public static bool Is(ReadOnlySpan<byte> pair)
    {
        if (!pair.StartsWith(Prefix)) return false;
        var value = pair[(pair.IndexOf((byte)'=') + 1)..];
        return value.Length == 23 && Encoding.ASCII.GetString(value).Split('.') is [var promotion, var release]
            && PromotionId.TryParse(promotion, null, out _) && ReleaseId.Read(release) is not null;
    }
}
