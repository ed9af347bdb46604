using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>
/// Reads the names that an Aspire AppHost gives to its projects in the usual <c>AddProject</c> form, and ignores the rest of its source.
/// </summary>
internal static partial class AppHostNames
{
    /// <summary>Returns the names, keyed by project file.</summary>
    /// <param name="host">The AppHost's project file.</param>
    /// <param name="programs">The programs that the AppHost may name.</param>
    public static IEnumerable<KeyValuePair<string, ServiceName>> Of(string host, IReadOnlyList<AppProject> programs) =>
        from file in Directory.EnumerateFiles(Path.GetDirectoryName(host)!, "*.cs").Order(StringComparer.Ordinal)
        from Match said in Call().Matches(File.ReadAllText(file))
        from program in programs
        where Identifier(program) == said.Groups["project"].Value && ServiceName.TryParse(said.Groups["name"].Value, null, out _)
        select KeyValuePair.Create(program.Path, ServiceName.Parse(said.Groups["name"].Value));

    /// <summary>Converts a project's file name to a type name the way Aspire does.</summary>
    private static string Identifier(AppProject program) =>
        string.Concat(Path.GetFileNameWithoutExtension(program.Path).Select(c => char.IsLetterOrDigit(c) ? c : '_'));

    [GeneratedRegex("""AddProject<(?:global::)?Projects\.(?<project>\w+)>\(\s*"(?<name>[^"]+)""")]
    private static partial Regex Call();
}
