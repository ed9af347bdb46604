namespace Releases.Tool;

/// <summary>
/// Keeps MSBuild and the SDK from looking for files above a temporary folder. Every user of the machine can write there, and such a file
/// can name programs that then run with this user's credentials.
/// </summary>
internal static class SearchBoundary
{
    private const string Empty = "<Project />\n";

    /// <summary>
    /// The files that are searched for from a project's folder upward, of which the first one counts. NuGet merges every nuget.config that
    /// it finds, but reads none for these projects, which have no packages.
    /// </summary>
    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["Directory.Build.rsp"] = "",
        ["Directory.Build.props"] = Empty,
        ["Directory.Build.targets"] = Empty,
        ["Directory.Packages.props"] = Empty,
        ["Directory.Solution.props"] = Empty,
        ["Directory.Solution.targets"] = Empty,
        ["global.json"] = "{}\n",
    };

    /// <summary>Writes the files into a folder that only this user can write to.</summary>
    public static void WriteTo(string folder)
    {
        foreach (var (name, text) in Files) File.WriteAllText(Path.Combine(folder, name), text);
    }
}
