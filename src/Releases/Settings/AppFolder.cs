namespace Releases;

/// <summary>Finds the folder of an app.</summary>
public static class AppFolder
{
    /// <summary>The folder of settings in an app's folder.</summary>
    public const string SettingsFolder = ".convox";

    /// <summary>
    /// The nearest ancestor, the folder itself included, with a <c>convox.yml</c> or a <c>.convox/</c>; else the nearest with a
    /// solution; else the root of the git repository, unless that ignores the folder; else the folder.
    /// </summary>
    /// <param name="start">The current folder, or the project's.</param>
    /// <param name="home">The user's HOME, whose <c>.convox/</c> is the local rack's data; null if there is none.</param>
    /// <param name="variable">Looks a variable of the process's environment up.</param>
    public static string Find(string start, string? home, Func<string, string?> variable)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(start));
        var ancestors = new List<string>();
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at)) ancestors.Add(at);
        return ancestors.Find(a => HasSettings(a, home)) ?? ancestors.Find(HasSolution) ?? RepositoryOf(folder, ancestors, variable)
            ?? folder;
    }

    /// <summary>The folder's settings; null if it has none.</summary>
    internal static string? FindSettings(string folder, string? home)
    {
        var settings = Path.Combine(folder, SettingsFolder);
        return Directory.Exists(settings) && !IsHome(folder, home) ? settings : null;
    }

    private static bool HasSettings(string folder, string? home) =>
        File.Exists(Path.Combine(folder, ManifestReader.FileName)) || FindSettings(folder, home) is not null;

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
        Directory.Exists(folder)
            && Directory.EnumerateFiles(folder, pattern, new EnumerationOptions
            { IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive }).Any();

    /// <summary>A repository around the folder that ignores it, such as one of the settings in HOME, says nothing about its app.</summary>
    private static string? RepositoryOf(string folder, List<string> ancestors, Func<string, string?> variable)
    {
        if (ancestors.Select(GitFolder.At).FirstOrDefault(found => found is not null) is not { } git) return null;
        return git.IsThere && git.Root != folder && GitDescription.IsUnrelated(git, folder, variable) ? null : git.Root;
    }
}
