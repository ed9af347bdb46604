using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// Which part of a variable must not be seen: a value with a secret's name, the password in an address or a connection string, and
/// every value that does not read as an ordinary setting. <c>Production</c>, <c>localhost</c> and <c>https://example.com/api</c>
/// stay, since a failure without them helps nobody.
/// </summary>
internal static partial class SecretValues
{
    private const int MinNamedLength = 4;
    private const int MinUnnamedLength = 8;

    /// <summary>The words of a name that make its value a secret.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PASSWORT", "PWD", "PW", "TOKEN", "TOKENS", "KEY", "KEYS",
        "APIKEY", "ACCESSKEY", "ACCOUNTKEY", "SHAREDACCESSKEY", "PRIVATEKEY", "SIGNINGKEY", "AUTH", "CREDENTIAL", "CREDENTIALS", "CERT",
        "CERTIFICATE", "PIN", "OTP", "SALT", "JWT", "SIGNATURE", "SIG", "SAS", "SEED", "MNEMONIC", "COOKIE", "BEARER",
    };

    /// <summary>They also end a name that is written as one word, as <c>dbpassword</c>.</summary>
    private static readonly string[] Ends = ["SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "APIKEY", "CREDENTIALS"];

    /// <summary>Switches, of which nothing is known once they are known.</summary>
    private static readonly HashSet<string> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "false", "yes", "none", "null", "enabled", "disabled", "default", "required", "optional", "auto", "always", "never",
        "basic",
    };

    /// <summary>The secrets in a variable, as they are.</summary>
    public static IEnumerable<string> Find(string key, string value)
    {
        var named = IsNamed(key);
        foreach (var part in Parts(value)) yield return part;
        // A value of several lines, such as a key, is printed line by line.
        foreach (var line in value.Split('\n').Select(l => l.TrimEnd('\r')).Append(value))
            if (named
                ? line.Length >= MinNamedLength && !Switches.Contains(line)
                : line.Length >= MinUnnamedLength && !ReadableText.IsSetting(line))
                yield return line;
    }

    /// <summary>Whether a name says that its value is a secret.</summary>
    private static bool IsNamed(string key) =>
        Word().Matches(key).Any(w => Words.Contains(w.Value)) || Ends.Any(e => key.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Parts(string value)
    {
        foreach (Match match in UserInfo().Matches(value))
        {
            yield return match.Groups["password"].Value;
            yield return Uri.UnescapeDataString(match.Groups["password"].Value);
        }

        foreach (Match match in Pair().Matches(value))
            if (IsNamed(match.Groups["name"].Value)
                && match.Groups["value"].Value.Trim('"', '\'') is { Length: >= MinNamedLength } secret && !Switches.Contains(secret))
                yield return secret;
    }

    /// <summary>The words of a name: <c>DB_PASSWORD</c>, <c>Jwt__SigningKey</c>, <c>apiKey</c>.</summary>
    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    /// <summary>The password of an address: <c>postgres://user:password@host</c>, <c>redis://:password@host</c>.</summary>
    [GeneratedRegex(@"\w://[^\s/:@]{0,200}:(?<password>[^\s@/]{4,200})@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    /// <summary>A pair in a connection string or a query: <c>;Password=…</c>, <c>&amp;sig=…</c>.</summary>
    [GeneratedRegex(@"(?<=^|[;?&,\s])(?<name>[A-Za-z][\w \-.]{0,40}?)\s{0,3}=\s{0,3}(?<value>""[^""]*""|'[^']*'|[^;&\s]+)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
