using System.Text.Json;

namespace Releases.Local;

/// <summary>Represents the router's settings, in <c>router.json</c> of the home.</summary>
/// <param name="BehindProxy">Whether requests come from a proxy whose forwarded headers are trusted.</param>
/// <param name="MetricsPort">The port of 127.0.0.1 on which metrics are served, or null.</param>
internal sealed record RouterSettings(bool BehindProxy, int? MetricsPort = null)
{
    /// <summary>Reads the settings of a home, or returns the defaults if there are none.</summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.RouterSettings"/>.</exception>
    public static RouterSettings Read(LocalHome home)
    {
        if (!File.Exists(home.RouterSettings)) return new(BehindProxy: false);
        try
        {
            var settings = JsonSerializer.Deserialize(File.ReadAllBytes(home.RouterSettings), DaemonJson.Default.RouterSettings);
            return settings is { MetricsPort: null or (> 0 and <= ushort.MaxValue) } ? settings : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new Problem(
                ProblemCode.RouterSettings,
                $"{home.RouterSettings} isn't valid: it must be like {{ \"behindProxy\": true, \"metricsPort\": 9464 }}.",
                Remedy.Do(Operation.RestartRack, "Fix or remove it, then restart the rack")).ToException();
        }
    }
}
