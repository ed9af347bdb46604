namespace Releases.Local;

/// <summary>
/// Provides a folder for ASP.NET Core's data protection keys if HOME can't hold them. Without one, each process would make its own keys and
/// sign out the users of all others.
/// </summary>
internal static class DataProtectionKeys
{
    /// <summary>The variable that ASP.NET Core reads before HOME, on Linux too, for this purpose only.</summary>
    private const string Variable = "LOCALAPPDATA";

    /// <summary>Adds the folder to the environment of a process that has none.</summary>
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
