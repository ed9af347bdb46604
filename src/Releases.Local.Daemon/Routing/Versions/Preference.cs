using System.Text;

namespace Releases.Local;

/// <summary>Where a client wants its request to go, where it has a wish.</summary>
/// <param name="Asked">The release that it asks for by <see cref="ReleaseHeader"/>.</param>
/// <param name="Process">The process that it was with, by <see cref="StickyCookie"/>.</param>
/// <param name="Version">What its <see cref="VersionCookie"/> has.</param>
internal readonly record struct Preference(ReleaseId? Asked, string? Process, string? Version)
{
    /// <summary>What a request of HTTP/1 says to this service.</summary>
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

    /// <summary>The lines that an answer of this process gets: which release it is, and the cookies that keep the client there.</summary>
    public ReadOnlyMemory<byte> Lines(Route route, RouteTarget target)
    {
        var named = IsNamed(route, target) ? target.ReleaseLine : [];
        if (!route.Service.IsSticky && route.Service.Promotion is null) return named;
        var cookies = string.Concat(Cookies(route, target).Select(c => $"Set-Cookie: {c}\r\n"));
        return cookies.Length == 0 ? named : (byte[])[.. named, .. Encoding.ASCII.GetBytes(cookies)];
    }

    /// <summary>Whether an answer of this process names its release: during a promotion, and to whoever asked for one.</summary>
    public bool IsNamed(Route route, RouteTarget target) =>
        target.Release is not null && (Asked is not null || route.Service.Promotion is not null);

    /// <summary>The cookies that keep the client where it is.</summary>
    public IEnumerable<string> Cookies(Route route, RouteTarget target)
    {
        if (route.Service.IsSticky && Process != target.Id) yield return StickyCookie.Set(route, target);
        // Who asks for a release does so each time.
        if (Asked is null && route.Service is { ServesSeveral: true, Promotion: { } promotion } && target.Release is { } release
            && (Version is null || VersionCookie.Read(Version, promotion) != release))
            yield return VersionCookie.Set(route, promotion, release);
    }
}
