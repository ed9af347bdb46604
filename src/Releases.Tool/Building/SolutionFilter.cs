using System.Text.Json;

namespace Releases.Tool;

/// <summary>
/// Reads a solution filter (<c>.slnf</c>), whose project paths are relative to its solution, which may be in another folder.
/// </summary>
internal static class SolutionFilter
{
    /// <summary>Returns the absolute paths of the projects.</summary>
    public static IReadOnlyList<string> Projects(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file),
                new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var solution = json.RootElement.GetProperty("solution");
            var folder = Path.GetDirectoryName(Full(solution.GetProperty("path").GetString()!, Path.GetDirectoryName(file)!))!;
            return [.. solution.GetProperty("projects").EnumerateArray().Select(p => Full(p.GetString()!, folder))];
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new Problem(
                ProblemCode.BuildFailed,
                $"{Path.GetFileName(file)} isn't a solution filter: {malformed.Message.TrimEnd('.')}; nothing was built.",
                "Correct it, or remove it.", Location: new(file, 1, 1)).ToException(malformed);
        }
    }

    private static string Full(string path, string folder) => Path.GetFullPath(path.Replace('\\', '/'), folder);
}
