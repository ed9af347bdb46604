using System.Text;

namespace Releases.Local;

/// <summary>
/// Defines the cookie that keeps a client with a process. Its name contains the service's, because cookies ignore ports and
/// <c>127.0.0.1</c> is the host of every service. Its value is the process, so it ends with the process and outlives the daemon.
/// </summary>
internal static class StickyCookie
{
    public static string Name(Route route) => $"convox-{route.Name}.{route.App}";

    /// <summary>Reads the process that the client was with, or returns null.</summary>
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

    /// <summary>Returns the value of the header that sets the cookie.</summary>
    public static string Set(Route route, RouteTarget target) => $"{Name(route)}={target.Id}; Path=/; HttpOnly; SameSite=Lax";
}
