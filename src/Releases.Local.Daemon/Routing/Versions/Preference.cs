using System.Text;

namespace Releases.Local;

/// <summary>Represents a client's preference for where its request goes, if any.</summary>
/// <param name="Asked">The release that it requests with <see cref="ReleaseHeader"/>.</param>
/// <param name="Process">The process that it was with, according to <see cref="StickyCookie"/>.</param>
/// <param name="Version">The value of its <see cref="VersionCookie"/>.</param>
internal readonly record struct Preference(ReleaseId? Asked, string? Process, string? Version)
{
    /// <summary>Reads the preference of an HTTP/1 request to this service.</summary>
    public static Preference Of(RequestHead head, ReadOnlySpan<byte> bytes, Route? route)
    {
        if (route is null || !head.MayChooseProcess) return default;
        ReleaseId? asked = null;
        string? version = null;
        foreach (var field in head.Fields)
        {
            if (field.Kind == FieldKind.Release) asked ??= ReleaseHeader.Read(field.Value(bytes));
            else if (field.Kind == FieldKind.Cookie) version ??= VersionCookie.Find(field.Value(bytes), route);
        }

        return new(asked, route.Service.IsSticky ? StickyCookie.Read(head, bytes, route) : null, version);
    }

    /// <summary>Returns the header lines for a response of this process: its release, and the cookies that keep the client there.</summary>
    public ReadOnlyMemory<byte> Lines(Route route, RouteTarget target)
    {
        var named = IsNamed(route, target) ? target.ReleaseLine : [];
        if (!route.Service.IsSticky && route.Service.Promotion is null) return named;
        var cookies = string.Concat(Cookies(route, target).Select(c => $"Set-Cookie: {c}\r\n"));
        return cookies.Length == 0 ? named : (byte[])[.. named, .. Encoding.ASCII.GetBytes(cookies)];
    }

    /// <summary>
    /// Determines whether a response of this process names its release: during a promotion, and if the client requested one.
    /// </summary>
    public bool IsNamed(Route route, RouteTarget target) =>
        target.Release is not null && (Asked is not null || route.Service.Promotion is not null);

    /// <summary>Returns the cookies that keep the client where it is.</summary>
    public IEnumerable<string> Cookies(Route route, RouteTarget target)
    {
        if (route.Service.IsSticky && Process != target.Id) yield return StickyCookie.Set(route, target);
        // Clients that request a release do so each time.
        if (Asked is null && route.Service is { ServesSeveral: true, Promotion: { } promotion } && target.Release is { } release
            && (Version is null || VersionCookie.Read(Version, promotion) != release))
            yield return VersionCookie.Set(route, promotion, release);
    }
}
