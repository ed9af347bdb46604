using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// Finds the parts of a variable that must not be shown: a value whose name marks it as secret, the password in an address or a connection
/// string, and every value that doesn't read as an ordinary setting. <c>Production</c>, <c>localhost</c> and <c>https://example.com/api</c>
/// stay, because an error message without them helps nobody.
/// </summary>
internal static partial class SecretValues
{
    private const int MinNamedLength = 4;
    private const int MinUnnamedLength = 8;

    /// <summary>Words in a name that make its value a secret.</summary>
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PASSWORT", "PWD", "PW", "TOKEN", "TOKENS", "KEY", "KEYS",
        "APIKEY", "ACCESSKEY", "ACCOUNTKEY", "SHAREDACCESSKEY", "PRIVATEKEY", "SIGNINGKEY", "AUTH", "CREDENTIAL", "CREDENTIALS", "CERT",
        "CERTIFICATE", "PIN", "OTP", "SALT", "JWT", "SIGNATURE", "SIG", "SAS", "SEED", "MNEMONIC", "COOKIE", "BEARER",
    };

    /// <summary>Endings that mark a secret in names written as one word, such as <c>dbpassword</c>.</summary>
    private static readonly string[] Ends = ["SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "APIKEY", "CREDENTIALS"];

    /// <summary>Values that only switch something on or off, and so reveal nothing even if the name marks a secret.</summary>
    private static readonly HashSet<string> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "false", "yes", "none", "null", "enabled", "disabled", "default", "required", "optional", "auto", "always", "never",
        "basic",
    };

    /// <summary>Returns the secrets in a variable, unencoded.</summary>
    public static IEnumerable<string> Find(string key, string value)
    {
        var named = IsNamed(key);
        foreach (var part in Parts(value)) yield return part;
        // A multi-line value, such as a key, is printed line by line.
        foreach (var line in value.Split('\n').Select(l => l.TrimEnd('\r')).Append(value))
            if (named
                ? line.Length >= MinNamedLength && !Switches.Contains(line)
                : line.Length >= MinUnnamedLength && !ReadableText.IsSetting(line))
                yield return line;
    }

    /// <summary>Determines whether a name marks its value as secret.</summary>
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

    /// <summary>Matches the words of a name: <c>DB_PASSWORD</c>, <c>Jwt__SigningKey</c>, <c>apiKey</c>.</summary>
    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    /// <summary>Matches the password in an address: <c>postgres://user:password@host</c>, <c>redis://:password@host</c>.</summary>
    [GeneratedRegex(@"\w://[^\s/:@]{0,200}:(?<password>[^\s@/]{4,200})@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    /// <summary>Matches a pair in a connection string or a query: <c>;Password=…</c>, <c>&amp;sig=…</c>.</summary>
    [GeneratedRegex(@"(?<=^|[;?&,\s])(?<name>[A-Za-z][\w \-.]{0,40}?)\s{0,3}=\s{0,3}(?<value>""[^""]*""|'[^']*'|[^;&\s]+)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
