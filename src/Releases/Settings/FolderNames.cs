using System.Text;

namespace Releases;

/// <summary>Converts names of folders to names of apps.</summary>
internal static class FolderNames
{
    /// <summary>Converts to lower case, and replaces other characters with single hyphens.</summary>
    public static string ToAppName(string folder)
    {
        var name = new StringBuilder();
        foreach (var c in Name(folder).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) name.Append(c);
            else if (name.Length > 0 && name[^1] != '-') name.Append('-');
        }

        return name.ToString().TrimEnd('-');
    }

    /// <summary>
    /// Determines whether the name of a new app keeps all letters of its folder's name. Spaces, dots and underscores don't count, because
    /// they only become hyphens.
    /// </summary>
    public static bool IsUsable(string folder) =>
        Name(folder).All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '_' or '-');

    /// <summary>
    /// Fails with <see cref="ProblemCode.IllegalName"/> if the name of a new app would lose letters of its folder's name.
    /// </summary>
    public static void RequireUsable(string folder, AppName app)
    {
        if (IsUsable(folder)) return;
        throw new Problem(
            ProblemCode.IllegalName,
            $"the name of the folder {folder} isn't a valid app name, and there is no app '{app}' yet.",
            Remedy.Pass(OperationOption.App, $"Write its name into {AppFolder.SettingsFolder}/app, or name it", app.ToString()),
            ProblemKind.Usage, Unchanged: Problem.NothingChanged).ToException();
    }

    private static string Name(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
}
