namespace Releases.Local;

/// <summary>
/// Where ASP.NET Core keeps the keys of cookies and forms: in HOME, unless HOME cannot keep them. Each process would make its
/// own then, and sign out the users of every other one.
/// </summary>
internal static class DataProtectionKeys
{
    /// <summary>What ASP.NET Core looks at before HOME, on Linux too, and nothing else there.</summary>
    private const string Variable = "LOCALAPPDATA";

    /// <summary>Adds a folder for them to the environment of a process, where it has none.</summary>
    public static void AddTo(IDictionary<string, string> environment, string data)
    {
        if (OperatingSystem.IsWindows() || environment.ContainsKey(Variable)) return;
        var home = environment.TryGetValue("HOME", out var own) ? own : Environment.GetEnvironmentVariable("HOME");
        if (string.IsNullOrEmpty(home) || !CanKeep(home)) environment[Variable] = data;
    }

    private static bool CanKeep(string home)
    {
        var keys = Path.Combine(home, ".aspnet", "DataProtection-Keys");
        var folder = Directory.Exists(keys) ? keys : home;
        if (!Directory.Exists(folder)) return false;
        var probe = Path.Combine(folder, $".room-{Guid.NewGuid():n}");
        try
        {
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
