using System.Text.RegularExpressions;

namespace Releases;

/// <summary>Defines the form of app and service names: a DNS label, so that it can be part of a host name.</summary>
internal static partial class DnsName
{
    public const string Rule =
        "1 to 40 lower-case letters, digits and single hyphens, beginning with a letter, "
        + "not ending with a hyphen, and not rack, system or localhost";

    public static bool IsLegal(string text) =>
        Shape().IsMatch(text) && !text.Contains("--", StringComparison.Ordinal) && text is not ("rack" or "system" or "localhost");

    [GeneratedRegex(@"\A[a-z]([a-z0-9-]{0,38}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
