using System.Security.Cryptography;
using System.Text;

namespace Releases.Aws;

/// <summary>
/// Names the families that only we write: <c>&lt;cluster&gt;-&lt;app&gt;-&lt;service&gt;-convox</c> for what a service runs, and
/// <c>…-convox-run</c> for commands that are run once with a service's code and environment.
/// </summary>
internal static class TaskFamily
{
    private const string OfService = "-convox";
    private const string OfCommand = "-convox-run";

    /// <summary>ECS allows 255 letters, digits, hyphens and underscores.</summary>
    private const int MaxFamilyLength = 255;

    private const int HashLength = 12;

    /// <summary>Returns the name of a service's family; a hash of the whole name replaces what doesn't fit.</summary>
    public static string ForService(string cluster, AppName app, ServiceName service) => Named($"{cluster}-{app}-{service}", OfService);

    /// <summary>Returns the name of the family of a service's commands.</summary>
    public static string ForCommands(string cluster, AppName app, ServiceName service) => Named($"{cluster}-{app}-{service}", OfCommand);

    private static string Named(string whose, string ending)
    {
        var whole = whose + ending;
        if (whole.Length <= MaxFamilyLength) return whole;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..HashLength];
        return $"{whole[..(MaxFamilyLength - ending.Length - HashLength - 1)]}-{hash}{ending}";
    }
}
