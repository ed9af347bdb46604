namespace Releases.Tool;

/// <summary>A color for each service of an app: the same in every run as long as the app has the same services, none twice before all are
/// used.</summary>
internal sealed class ServiceColors
{
    /// <summary>The terminal's own cyan, magenta, blue, yellow, green and their bright forms; red is for errors.</summary>
    private static readonly int[] Codes = [36, 35, 34, 33, 32, 96, 95, 94, 93, 92];

    private readonly Dictionary<ServiceName, int> _codes = [];

    public ServiceColors(IEnumerable<ServiceName> services)
    {
        foreach (var service in services.Order()) Code(service);
    }

    public string Paint(ServiceName service, string text) => $"\e[{Code(service)}m{text}\e[0m";

    /// <summary>A service that came later gets the next one.</summary>
    private int Code(ServiceName service) =>
        _codes.TryGetValue(service, out var code) ? code : _codes[service] = Codes[_codes.Count % Codes.Length];
}
