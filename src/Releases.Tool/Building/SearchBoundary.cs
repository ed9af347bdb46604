namespace Releases.Tool;

/// <summary>
/// Keeps MSBuild and the SDK from looking for files above a temporary folder. Every user of the machine can write there, and such a file
/// can name programs that then run with this user's credentials.
/// </summary>
internal static class SearchBoundary
{
    private const string GlobalJson = "global.json";
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
        [GlobalJson] = "{}\n",
    };

    /// <summary>Writes the files into a folder that only this user can write to.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="app">
    /// The folder of the app whose projects are restored from there, or null if none are. Its global.json has the versions of their SDKs.
    /// </param>
    public static void WriteTo(string folder, string? app = null)
    {
        foreach (var (name, text) in Files) File.WriteAllText(Path.Combine(folder, name), text);
        if (app is not null && Nearest(app) is { } own) File.WriteAllBytes(Path.Combine(folder, GlobalJson), File.ReadAllBytes(own));
    }

    private static string? Nearest(string app)
    {
        for (var at = new DirectoryInfo(app); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, GlobalJson) is var file && File.Exists(file)) return file;
        return null;
    }
}
