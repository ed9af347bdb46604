using System.Security.Cryptography;
using System.Text;

namespace Releases.Aws;

/// <summary>The families that only we write, one per service: <c>&lt;cluster&gt;-&lt;app&gt;-&lt;service&gt;-convox</c>.</summary>
public static class TaskFamily
{
    private const string Ending = "-convox";

    /// <summary>ECS takes 255 letters, digits, hyphens and underscores.</summary>
    private const int Longest = 255;

    private const int HashLength = 12;

    /// <summary>The family's name; a hash of the whole stands in for what does not fit.</summary>
    public static string Of(string cluster, AppName app, ServiceName service)
    {
        var whole = $"{cluster}-{app}-{service}{Ending}";
        if (whole.Length <= Longest) return whole;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..HashLength];
        return $"{whole[..(Longest - Ending.Length - HashLength - 1)]}-{hash}{Ending}";
    }
}
