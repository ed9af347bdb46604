using System.Text;

namespace Releases.Local;

/// <summary>
/// The cookie by which a client stays with a process. Its name has the service's, since cookies know no ports and
/// <c>127.0.0.1</c> is every service's host; its value is the process, so it ends with it and survives the daemon.
/// </summary>
internal static class StickyCookie
{
    public static string Name(Route route) => $"convox-{route.Name}.{route.App}";

    /// <summary>The process that the client was with.</summary>
    public static string? Read(RequestHead head, ReadOnlySpan<byte> bytes, Route route)
    {
        var name = Encoding.ASCII.GetBytes(Name(route) + "=");
        foreach (var field in head.Fields)
        {
            if (field.Kind != FieldKind.Cookie) continue;
            var value = field.Value(bytes);
            foreach (var range in value.Split((byte)';'))
                if (value[range].Trim((byte)' ') is var cookie && cookie.StartsWith(name))
                    return Encoding.Latin1.GetString(cookie[name.Length..]);
        }

        return null;
    }

    /// <summary>The value of the header that sets it.</summary>
    public static string Set(Route route, RouteTarget target) => $"{Name(route)}={target.Id}; Path=/; HttpOnly; SameSite=Lax";
}
