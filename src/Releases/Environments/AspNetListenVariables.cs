namespace Releases;

/// <summary>
/// Recognizes variables that tell an ASP.NET Core program to listen elsewhere than at the address that the rack gives it. Depending on the
/// variable and the rack they win over that address or are ignored; one whose value has the rack's port conflicts with nothing.
/// </summary>
public static class AspNetListenVariables
{
    private const string Port = "PORT";

    /// <summary>Returns the warning about a variable that <c>convox.yml</c> declares, or null if there is nothing to warn of.</summary>
    public static string? WarningOfDefault(string key, string value) =>
        FormOf(key) is not { } form || (form.Length > 0 && Interpolation.RefersTo(value, Port)) ? null
        : form.Length == 0 ? $"{Conflict(key)} Remove it."
        : $"{Conflict(key)} Remove it, or write {key}={form}.";

    /// <summary>
    /// Returns the warning about a variable of an app's environment, where nothing resolves <c>${PORT}</c>; null if it isn't one of these.
    /// </summary>
    public static string? WarningOfValue(string key) => FormOf(key) switch
    {
        null => null,
        "" => $"{Conflict(key)} Remove it.",
        var form => $"{Conflict(key)} Remove it, or declare it in {ManifestReader.FileName} instead: {key}={form}.",
    };

    private static string Conflict(string key) => $"{key} conflicts with the address that the rack gives an ASP.NET Core service.";

    /// <summary>
    /// Returns the value that agrees with the rack, which is empty if there is none; null if the variable isn't one of these. Ignores case,
    /// as .NET does.
    /// </summary>
    private static string? FormOf(string key)
    {
        var name = key.ToUpperInvariant();
        foreach (var prefix in new[] { "ASPNETCORE_", "DOTNET_" })
            if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
        return name switch
        {
            "HTTP_PORTS" => $"${{{Port}}}",
            "HTTPS_PORTS" => "",
            "URLS" => Url,
            _ => IsEndpoint(name) ? Url : null,
        };
    }

    private static bool IsEndpoint(string name) =>
        name.StartsWith("KESTREL__ENDPOINTS__", StringComparison.Ordinal) && name.EndsWith("__URL", StringComparison.Ordinal);

    private static string Url => $"http://127.0.0.1:${{{Port}}} (in a container http://*:${{{Port}}})";
}
