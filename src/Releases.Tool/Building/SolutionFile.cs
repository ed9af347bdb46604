using System.Text.RegularExpressions;
using System.Xml;

namespace Releases.Tool;

/// <summary>
/// Reads the projects that a solution lists, in either format. <c>dotnet sln list</c> reports the same but takes as long as an up-to-date
/// build.
/// </summary>
internal static partial class SolutionFile
{
    /// <summary>Returns the absolute paths of the projects. Fails if the file isn't a solution.</summary>
    public static IReadOnlyList<string> Projects(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var listed = Path.GetExtension(file).Equals(".slnx", StringComparison.OrdinalIgnoreCase) ? InXml(file) : InText(file);
        return [.. listed.Select(p => Path.GetFullPath(p.Replace('\\', '/'), folder))];
    }

    private static List<string> InXml(string file)
    {
        var projects = new List<string>();
        try
        {
            using var xml = XmlReader.Create(file);
            while (xml.Read())
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "Project" } && xml.GetAttribute("Path") is { } path)
                    projects.Add(path);
            return projects;
        }
        catch (XmlException malformed)
        {
            throw NoSolution(file, malformed.Message, new(file, malformed.LineNumber, malformed.LinePosition)).ToException(malformed);
        }
    }

    private static List<string> InText(string file)
    {
        var text = File.ReadAllText(file);
        if (text.Length > 0 && !text.Contains("Microsoft Visual Studio Solution File", StringComparison.Ordinal))
            throw NoSolution(file, "it lacks the line 'Microsoft Visual Studio Solution File'", new(file, 1, 1)).ToException();
        return [.. ProjectLine().Matches(text).Select(m => m.Groups["path"].Value)];
    }

    private static Problem NoSolution(string file, string why, SourceLocation place) => new(
        ProblemCode.BuildFailed, $"the projects of {Path.GetFileName(file)} can't be listed: {why.TrimEnd('.')}; nothing was built.",
        "Correct it, or remove it.", Location: place);

    /// <summary>
    /// Matches <c>Project("{kind}") = "Name", "path", "{id}"</c>. Solution folders have such lines too, with their names as paths.
    /// </summary>
    [GeneratedRegex(@"^Project\(""\{[^""]*\}""\) = ""[^""\r\n]*"", ""(?<path>[^""\r\n]+)""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ProjectLine();
}
