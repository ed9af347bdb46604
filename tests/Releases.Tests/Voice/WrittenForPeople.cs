using Releases.Testing;

namespace Releases.Tests.Voice;

/// <summary>The files of the repository that people read: documents, sources with their messages and comments, and what commands
/// print.</summary>
internal static class WrittenForPeople
{
    private static readonly (string Folder, string[] Patterns)[] Places =
    [
        ("src", ["*.cs", "*.cshtml", "*.md", "*.txt"]),
        ("docs", ["*.md", "*.json", "*.yml"]),
        ("samples", ["*.md", "*.cs", "*.yml"]),
        ("build", ["*.sh", "*.props", "*.targets", "*.md"]),
    ];

    /// <summary>Each file's path in the repository and its text, without what commands print.</summary>
    public static IReadOnlyList<(string Path, string Text)> Sources { get; } =
    [
        .. Places.SelectMany(p => p.Patterns.SelectMany(pattern => Files(p.Folder, pattern, SearchOption.AllDirectories))),
        .. Files("", "*.md", SearchOption.TopDirectoryOnly),
    ];

    /// <summary>The same of the golden texts: what commands print, and the pages of their help.</summary>
    public static IReadOnlyList<(string Path, string Text)> Golden { get; } =
        [.. Files("tests/Releases.Tool.Tests/Golden", "*.txt", SearchOption.AllDirectories)];

    private static IEnumerable<(string Path, string Text)> Files(string folder, string pattern, SearchOption depth) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, depth)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Where(p => !p.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(p => (p, Current(p, File.ReadAllText(Path.Combine(Repository.Root, p)))));

    /// <summary>What was released stays as it was written: of the change log only the part that is not.</summary>
    private static string Current(string path, string text) =>
        path == "CHANGELOG.md" ? text[..text.IndexOf("\n## 0.1.0", StringComparison.Ordinal)] : text;
}
