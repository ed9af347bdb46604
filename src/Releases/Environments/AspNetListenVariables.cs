namespace Releases;

/// <summary>Variables by which an ASP.NET Core program would be told where to listen, which the rack does itself.</summary>
public static class AspNetListenVariables
{
    private static readonly string[] Known =
        ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_HTTP_PORTS", "DOTNET_HTTPS_PORTS", "URLS", "HTTP_PORTS", "HTTPS_PORTS"];

    /// <summary>Whether this is one of them; .NET ignores case.</summary>
    public static bool Contains(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Known.Contains(key, StringComparer.OrdinalIgnoreCase) || key.StartsWith("Kestrel__Endpoints__", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What is said of one.</summary>
    public static string Warning(string key) =>
        $"{key} doesn't decide where an ASP.NET Core service listens: the rack tells each process an address of its own, and a process that listens elsewhere is not reached.";
}
