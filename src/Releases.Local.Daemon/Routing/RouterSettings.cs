using System.Text.Json;

namespace Releases.Local;

/// <summary>What a person may set of the router, in <c>router.json</c> of the home.</summary>
/// <param name="BehindProxy">Whether what comes in comes from a proxy, whose word on the client counts.</param>
internal sealed record RouterSettings(bool BehindProxy)
{
    /// <summary>Those of the home; the defaults where there are none.</summary>
    /// <exception cref="ProblemException"><see cref="ProblemCode.RouterSettings"/>.</exception>
    public static RouterSettings Read(LocalHome home)
    {
        if (!File.Exists(home.RouterSettings)) return new(BehindProxy: false);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(home.RouterSettings), DaemonJson.Default.RouterSettings) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new Problem(
                ProblemCode.RouterSettings, $"{home.RouterSettings} is not read: it has to be {{ \"behindProxy\": true }} or false.",
                "Mend or remove it, then restart the rack: dotnet convox rack restart").ToException();
        }
    }
}
