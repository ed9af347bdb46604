using System.Text.Json;

namespace Releases.Local;

/// <summary>The router's settings, in <c>router.json</c> of the home.</summary>
/// <param name="BehindProxy">Whether requests come from a proxy whose forwarded headers are trusted.</param>
internal sealed record RouterSettings(bool BehindProxy)
{
    /// <summary>Those of the home; the defaults if there are none.</summary>
    /// <exception cref="ProblemException"><see cref="ProblemCode.RouterSettings"/>.</exception>
    public static RouterSettings Read(LocalHome home)
    {
        if (!File.Exists(home.RouterSettings)) return new(BehindProxy: false);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(home.RouterSettings), DaemonJson.Default.RouterSettings)
                ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new Problem(
                ProblemCode.RouterSettings, $"{home.RouterSettings} isn't valid: it must be {{ \"behindProxy\": true }} or false.",
                Remedy.Do(Operation.RestartRack, "Fix or remove it, then restart the rack")).ToException();
        }
    }
}
