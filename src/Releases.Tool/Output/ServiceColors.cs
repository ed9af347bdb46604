namespace Releases.Tool;

/// <summary>
/// Assigns a color to each service of an app: the same in every run as long as the app has the same services, and no color twice before all
/// are used.
/// </summary>
internal sealed class ServiceColors
{
    /// <summary>The terminal's cyan, magenta, blue, yellow, green and their bright variants; red is for errors.</summary>
    private static readonly int[] Codes = [36, 35, 34, 33, 32, 96, 95, 94, 93, 92];

    private readonly Dictionary<ServiceName, int> _codes = [];

    public ServiceColors(IEnumerable<ServiceName> services)
    {
        foreach (var service in services.Order()) Code(service);
    }

    public string Paint(ServiceName service, string text) => $"\e[{Code(service)}m{text}\e[0m";

    /// <summary>Returns the color code of a service; a service that appears later gets the next one.</summary>
    private int Code(ServiceName service) =>
        _codes.TryGetValue(service, out var code) ? code : _codes[service] = Codes[_codes.Count % Codes.Length];
}
