namespace Releases;

/// <summary>Variables that tell an ASP.NET Core program where to listen, which is up to the rack.</summary>
public static class AspNetListenVariables
{
    private static readonly string[] Known =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_HTTP_PORTS", "DOTNET_HTTPS_PORTS",
        "URLS", "HTTP_PORTS", "HTTPS_PORTS",
    ];

    /// <summary>Whether this is one of them; .NET ignores case.</summary>
    public static bool Contains(string key) =>
        Known.Contains(key, StringComparer.OrdinalIgnoreCase)
            || key.StartsWith("Kestrel__Endpoints__", StringComparison.OrdinalIgnoreCase);

    /// <summary>The warning about one.</summary>
    public static string Warning(string key) =>
        $"{key} doesn't decide where an ASP.NET Core service listens. The rack gives each process its own address, and one that listens "
        + "elsewhere can't be reached.";
}
