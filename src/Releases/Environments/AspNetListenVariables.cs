namespace Releases;

/// <summary>Lists the variables that tell an ASP.NET Core program where to listen, which the rack decides.</summary>
public static class AspNetListenVariables
{
    private static readonly string[] Known =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_HTTP_PORTS", "DOTNET_HTTPS_PORTS",
        "URLS", "HTTP_PORTS", "HTTPS_PORTS",
    ];

    /// <summary>Determines whether the variable is one of them, ignoring case as .NET does.</summary>
    public static bool Contains(string key) =>
        Known.Contains(key, StringComparer.OrdinalIgnoreCase)
            || key.StartsWith("Kestrel__Endpoints__", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the warning about such a variable.</summary>
    public static string Warning(string key) =>
        $"{key} doesn't decide where an ASP.NET Core service listens. The rack gives each process its own address, and one that listens "
        + "elsewhere can't be reached.";
}
