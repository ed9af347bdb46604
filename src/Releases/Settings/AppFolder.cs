namespace Releases;

/// <summary>Finds the folder of an app.</summary>
public static class AppFolder
{
    /// <summary>The name of the settings folder in an app's folder.</summary>
    public const string SettingsFolder = ".convox";

    /// <summary>
    /// Returns the nearest ancestor, including the folder itself, with a <c>convox.yml</c> or a <c>.convox/</c>; else the nearest with a
    /// solution; else the root of the git repository, unless it ignores the folder; else the folder. A solution outside the repository
    /// counts only if it has projects of the repository.
    /// </summary>
    /// <param name="start">The current folder, or the project's folder.</param>
    /// <param name="home">The user's home folder, whose <c>.convox/</c> has the local rack's data; null if there is none.</param>
    /// <param name="variable">Looks up an environment variable of the process.</param>
    public static string Find(string start, string? home, Func<string, string?> variable)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(start));
        var ancestors = new List<string>();
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at)) ancestors.Add(at);
        var repository = ancestors.FindIndex(a => GitFolder.At(a) is not null);
        var solutions = ancestors.Where((a, at) => HasSolution(a, repository >= 0 && repository < at ? ancestors[repository] : null));
        return ancestors.Find(a => HasSettings(a, home)) ?? solutions.FirstOrDefault()
            ?? RepositoryOf(folder, ancestors, variable) ?? folder;
    }

    /// <summary>Returns the folder's settings folder, or null if it has none.</summary>
    internal static string? FindSettings(string folder, string? home)
    {
        var settings = Path.Combine(folder, SettingsFolder);
        return Directory.Exists(settings) && !IsHome(folder, home) ? settings : null;
    }

    private static bool HasSettings(string folder, string? home) =>
        Path.Exists(Path.Combine(folder, ManifestReader.FileName)) || FindSettings(folder, home) is not null;

    /// <summary>Resolves links, because HOME is often one. The comparison is case-sensitive, even if the file system is not.</summary>
    private static bool IsHome(string folder, string? home) => !string.IsNullOrEmpty(home) && Real(folder) == Real(home);

    private static string Real(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        // A user without a home folder may have HOME=/nonexistent.
        return Directory.Exists(full) ? Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }

    /// <summary>Determines whether the folder has a solution, and if a repository is named, one with projects of it.</summary>
    private static bool HasSolution(string folder, string? repository) =>
        Solutions(folder, "*.sln").Concat(Solutions(folder, "*.slnx")).Any(s => repository is null || HasProjectsIn(repository, s));

    /// <summary>An ancestor that this user can't list is skipped.</summary>
    private static IEnumerable<string> Solutions(string folder, string pattern) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(
            folder, pattern, new EnumerationOptions { IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive })
        : [];

    /// <summary>Both formats name a project by its quoted path relative to the solution; <c>.sln</c> has backslashes in it.</summary>
    private static bool HasProjectsIn(string repository, string solution)
    {
        var path = Path.GetRelativePath(Path.GetDirectoryName(solution)!, repository).Replace('\\', '/');
        try
        {
            return File.ReadLines(solution).Any(l => l.Replace('\\', '/').Contains($"\"{path}/", StringComparison.Ordinal));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // It isn't the user's, so neither is it the app's.
            return false;
        }
    }

    /// <summary>A surrounding repository that ignores the folder, such as one for dotfiles in HOME, isn't the app's.</summary>
    private static string? RepositoryOf(string folder, List<string> ancestors, Func<string, string?> variable)
    {
        if (ancestors.Select(GitFolder.At).FirstOrDefault(found => found is not null) is not { } git) return null;
        return git.IsThere && git.Root != folder && GitDescription.IsUnrelated(git, folder, variable) ? null : git.Root;
    }
}
