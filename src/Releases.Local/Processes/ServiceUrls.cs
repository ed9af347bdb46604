using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// Provides the addresses of an app's other services to a process: <c>API_URL=http://127.0.0.1:20001</c>. The port stays the service's own
/// across releases and leads to its healthy processes. Names below <c>localhost</c> aren't used, because many programs can't resolve them.
/// </summary>
internal static class ServiceUrls
{
    /// <summary>Returns the address with a service's own port.</summary>
    public static string Direct(int port) => $"http://127.0.0.1:{port}";

    /// <summary>Adds the addresses to the environment of a process, unless the app sets the variables itself.</summary>
    public static void AddTo(
        IDictionary<string, string> environment, AppName app, IEnumerable<ServiceName> others, Func<ServiceKey, int?> portOf)
    {
        foreach (var other in others)
            if (portOf(new(app, other)) is { } port) environment.TryAdd(other.UrlVariable, Direct(port));
    }

    /// <summary>Reads a service's port from the daemon's file, for use in other processes. Returns null if it has none yet.</summary>
    public static int? FindPort(LocalHome home, ServiceKey service)
    {
        if (!File.Exists(home.Ports)) return null;
        using var kept = JsonDocument.Parse(File.ReadAllBytes(home.Ports));
        return kept.RootElement.TryGetProperty("services", out var services)
            && services.TryGetProperty($"{service.App}/{service.Service}", out var port) ? port.GetInt32() : null;
    }
}
