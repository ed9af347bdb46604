using Releases.Testing;

namespace Releases.Tests.Voice;

/// <summary>The files of the repository that people read: documents, sources with their messages and comments, the comments of tests, and
/// what commands print.</summary>
internal static class WrittenForPeople
{
    private static readonly (string Folder, string[] Patterns)[] Places =
    [
        ("src", ["*.cs", "*.cshtml", "*.md", "*.txt", "*.js", "*.css", "*.csproj", "*.props", "*.targets"]),
        ("docs", ["*.md", "*.json", "*.yml"]),
        ("samples", ["*.md", "*.cs", "*.yml", "*.csproj", "*.props"]),
        ("build", ["*.sh", "*.cs", "*.lua", "*.props", "*.targets", "*.md"]),
        ("tests", ["*.cs", "*.csproj", "*.props"]),
        (".github", ["*.yml"]),
    ];

    private static readonly string[] AtTheRoot = ["*.md", "*.props", ".editorconfig", ".gitattributes", "nuget.config"];

    /// <summary>Each file's path in the repository and its text, without what commands print.</summary>
    public static IReadOnlyList<(string Path, string Text)> Sources { get; } =
    [
        .. Places.SelectMany(p => p.Patterns.SelectMany(pattern => Files(p.Folder, pattern, SearchOption.AllDirectories))),
        .. AtTheRoot.SelectMany(pattern => Files("", pattern, SearchOption.TopDirectoryOnly)),
    ];

    /// <summary>The same of the golden texts: what commands print, the pages of their help, and templates.</summary>
    public static IReadOnlyList<(string Path, string Text)> Golden { get; } =
    [
        .. Files("tests/Releases.Tool.Tests/Golden", "*.txt", SearchOption.AllDirectories),
        .. Files("tests/Releases.Aws.Tests/Templates/Golden", "*.yml", SearchOption.AllDirectories),
    ];

    private static IEnumerable<(string Path, string Text)> Files(string folder, string pattern, SearchOption depth) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, depth)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Where(p => !p.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(p => (p, Current(p, File.ReadAllText(Path.Combine(Repository.Root, p)))));

    /// <summary>
    /// What was released stays as it was written: of the change log only the part that is not. A test's own strings may be what the
    /// product must refuse or must not print: of tests only the comments.
    /// </summary>
    private static string Current(string path, string text) =>
        path == "CHANGELOG.md" ? text[..text.IndexOf("\n## 0.1.0", StringComparison.Ordinal)]
        : path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal) ? Comments(text)
        : text;

    /// <summary>Returns the comments, on the lines on which they are.</summary>
    private static string Comments(string text) => string.Join('\n', text.Split('\n').Select(line =>
        line.TrimStart().StartsWith("//", StringComparison.Ordinal) ? line
        : line.IndexOf(" // ", StringComparison.Ordinal) is >= 0 and var at ? line[at..] : ""));
}
