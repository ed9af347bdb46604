namespace Releases.Tool;

/// <summary>Finds the project files of an app: what <c>convox.yml</c> names; where that is not all of it, the solution, the folder's own project, or every project below it.</summary>
internal static class AppProjects
{
    private static readonly string[] Kinds = [".csproj", ".fsproj", ".vbproj"];

    /// <summary>A folder that this user cannot read, such as a database's, has none of the app's projects.</summary>
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <param name="folder">The app's folder.</param>
    /// <param name="plan">Knows what <c>convox.yml</c> names.</param>
    /// <param name="list">Lists the projects of a solution.</param>
    public static async Task<IReadOnlyList<string>> Find(string folder, PlanBuild plan, Func<string, Task<IReadOnlyList<string>>> list)
    {
        var (named, areAll) = plan.NamedProjects();
        if (areAll) return named;
        IReadOnlyList<string> found = Solutions(folder) switch
        {
            [var solution] => [.. (await list(solution)).Where(IsProject).Select(p => Path.GetFullPath(p.Replace('\\', '/'), folder))],
            [] => In(folder, deep: false) is { Count: > 0 } own ? own : In(folder, deep: true),
            var several => throw new Problem(
                ProblemCode.BuildFailed, $"{folder} has several solutions ({string.Join(", ", several.Select(Path.GetFileName))}), so it cannot be told which projects are the app's; nothing was built.",
                $"Name the project of each service as 'build' in {ManifestReader.FileName}.").ToException(),
        };
        IReadOnlyList<string> all = [.. found.Union(named, StringComparer.Ordinal)];
        return all.Count > 0 ? all : throw new Problem(
            ProblemCode.BuildFailed, $"There is no project in {folder} or below it; nothing was built.", "Go to the app's folder, or make one with: dotnet new web").ToException();
    }

    /// <summary>The only solution of the folder; null: it has none, or several.</summary>
    public static string? Solution(string folder) => Solutions(folder) is [var only] ? only : null;

    private static IReadOnlyList<string> Solutions(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".sln" or ".slnx").Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> In(string folder, bool deep) =>
    [
        .. Directory.EnumerateFiles(folder, "*", Readable).Where(IsProject),
        .. deep ? Directory.EnumerateDirectories(folder, "*", Readable).Where(IsSource).SelectMany(f => In(f, deep)) : [],
    ];

    private static bool IsProject(string file) => Kinds.Contains(Path.GetExtension(file));

    private static bool IsSource(string folder) =>
        Path.GetFileName(folder) is var name && !name.StartsWith('.') && name is not ("bin" or "obj" or "node_modules") && new DirectoryInfo(folder).LinkTarget is null;
}
