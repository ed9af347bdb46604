using System.Text.Json;

namespace Releases.Local;

/// <summary>
/// Tells a process where the app's other services are: <c>API_URL=http://127.0.0.1:20001</c>. That port stays the service's own over
/// all releases and leads to whatever of it is healthy; a name below <c>localhost</c> many a program cannot resolve.
/// </summary>
internal static class ServiceUrls
{
    /// <summary>The address by a service's own port.</summary>
    public static string Direct(int port) => $"http://127.0.0.1:{port}";

    /// <summary>Adds them to the environment of a process; a variable of the app's own stays.</summary>
    public static void AddTo(
        IDictionary<string, string> environment, AppName app, IEnumerable<ServiceName> others, Func<ServiceKey, int?> portOf)
    {
        foreach (var other in others)
            if (portOf(new(app, other)) is { } port) environment.TryAdd(other.UrlVariable, Direct(port));
    }

    /// <summary>What the daemon noted about a service's port, for other processes; null: it has none yet.</summary>
    public static int? FindPort(LocalHome home, ServiceKey service)
    {
        if (!File.Exists(home.Ports)) return null;
        using var kept = JsonDocument.Parse(File.ReadAllBytes(home.Ports));
        return kept.RootElement.TryGetProperty("services", out var services)
            && services.TryGetProperty($"{service.App}/{service.Service}", out var port) ? port.GetInt32() : null;
    }
}
