namespace Releases;

/// <summary>Finds the folder of an app.</summary>
public static class AppFolder
{
    /// <summary>The folder of settings in an app's folder.</summary>
    public const string SettingsFolder = ".convox";

    /// <summary>
    /// The nearest ancestor, the folder itself included, with a <c>convox.yml</c> or a <c>.convox/</c>; else the nearest with a
    /// solution; else the root of the git repository; else the folder.
    /// </summary>
    /// <param name="start">The current folder, or the project's.</param>
    /// <param name="home">The user's HOME, whose <c>.convox/</c> is the local rack's data; null where there is none.</param>
    public static string Find(string start, string? home)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(start));
        var ancestors = new List<string>();
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at)) ancestors.Add(at);
        return ancestors.Find(a => HasSettings(a, home)) ?? ancestors.Find(HasSolution) ?? ancestors.Find(IsGitRoot) ?? folder;
    }

    /// <summary>The folder's settings; null where it has none.</summary>
    internal static string? SettingsOf(string folder, string? home)
    {
        var settings = Path.Combine(folder, SettingsFolder);
        return Directory.Exists(settings) && !IsHome(folder, home) ? settings : null;
    }

    private static bool HasSettings(string folder, string? home) =>
        File.Exists(Path.Combine(folder, ManifestReader.FileName)) || SettingsOf(folder, home) is not null;

    /// <summary>Links followed, as HOME is often one; and case as the file system has it.</summary>
    private static bool IsHome(string folder, string? home) => !string.IsNullOrEmpty(home) && Real(folder) == Real(home);

    private static string Real(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
    }

    private static bool HasSolution(string folder) => Holds(folder, "*.sln") || Holds(folder, "*.slnx");

    /// <summary>An ancestor that this user may not list has nothing to say.</summary>
    private static bool Holds(string folder, string pattern) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive }).Any();

    /// <summary>In a worktree and in a submodule <c>.git</c> is a file.</summary>
    private static bool IsGitRoot(string folder) => Path.Combine(folder, ".git") is var git && (Directory.Exists(git) || File.Exists(git));
}
