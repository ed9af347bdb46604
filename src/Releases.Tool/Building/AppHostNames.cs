using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>Reads from an Aspire AppHost the names of its projects, written in the usual form; everything else in it is left
/// unread.</summary>
internal static partial class AppHostNames
{
    /// <summary>The names, by the projects' files.</summary>
    /// <param name="host">The AppHost's project file.</param>
    /// <param name="programs">The programs that it may name.</param>
    public static IEnumerable<KeyValuePair<string, ServiceName>> Of(string host, IReadOnlyList<AppProject> programs) =>
        from file in Directory.EnumerateFiles(Path.GetDirectoryName(host)!, "*.cs").Order(StringComparer.Ordinal)
        from Match said in Call().Matches(File.ReadAllText(file))
        from program in programs
        where Identifier(program) == said.Groups["project"].Value && ServiceName.TryParse(said.Groups["name"].Value, null, out _)
        select KeyValuePair.Create(program.Path, ServiceName.Parse(said.Groups["name"].Value));

    /// <summary>As Aspire makes a type's name of a project's.</summary>
    private static string Identifier(AppProject program) =>
        string.Concat(Path.GetFileNameWithoutExtension(program.Path).Select(c => char.IsLetterOrDigit(c) ? c : '_'));

    [GeneratedRegex("""AddProject<(?:global::)?Projects\.(?<project>\w+)>\(\s*"(?<name>[^"]+)""")]
    private static partial Regex Call();
}
